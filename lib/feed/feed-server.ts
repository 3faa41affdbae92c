import { lookup } from 'node:dns/promises'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Clock, systemClock } from '../clock.js'
import { DeliveryError } from '../errors.js'
import { isLoopbackAddress } from '../loopback.js'
import { listenError } from '../thread/listen-error.js'
import type { ServerNotice, StartServer, ThreadServer, ThreadServerOptions } from '../thread/thread-server.js'
import { accessGuard, checkExposure } from './access.js'
import { cachingRules } from './caching.js'
import { FeedCounts } from './feed-counts.js'
import { FEED_LIMITS, type FeedLimits } from './feed-limits.js'
import { createListener, guardConnections, listen } from './feed-listener.js'
import { FeedStreams } from './feed-streams.js'
import { HeldRequests } from './held-requests.js'
import type { Feed } from './http-answer.js'
import { type RequestHandler, requestHandler } from './request-handler.js'
import { SlowReceivers } from './slow-receivers.js'

/** A feed server: HTTP Feeds plus the latest value of each stream (CONTRACT 1, Pull). */
export interface FeedOptions extends ThreadServerOptions {
  /** Demanded as `Authorization: Bearer <token>`, unless anonymous clients are let in; null = none set. */
  readonly token: string | null
  /** Updates kept per stream, at least 1. */
  readonly history: number
  /** How long caches may answer for the feed, in s; 0 = they must ask each time. */
  readonly cacheSeconds: number
  /** Connections open at one time; further ones are closed at once. */
  readonly maxConnections: number
  /** @default FEED_LIMITS */
  readonly limits?: Partial<FeedLimits>
}

/** The same notice is given once in so many ms. */
const NOTICE_EVERY_MS = 60_000

/**
 * Opens a feed on the clock of this thread.
 * @throws DeliveryError `PORT_IN_USE` | `LISTEN_FAILED` | `TLS_INVALID` | `CREDENTIALS_REQUIRED`
 */
export const startFeed: StartServer<FeedOptions> = (options, notify) =>
  openFeed(options, notify, systemClock())

/** Opens a feed on a given clock: holds end by it. @throws as `startFeed` */
export async function openFeed(
  options: FeedOptions,
  notify: (notice: ServerNotice) => void,
  clock: Clock
): Promise<ThreadServer> {
  const { host, port } = options
  const limits: FeedLimits = { ...FEED_LIMITS, ...options.limits }
  const counts = new FeedCounts()
  const bounds = { updates: Math.max(1, options.history), bytes: limits.historyBytes }
  const feed: Feed = {
    clock,
    limits,
    counts,
    caching: cachingRules(options.cacheSeconds, options.token !== null),
    streams: new FeedStreams(bounds, limits.streams, counts),
    held: new HeldRequests(clock, limits.heldRequests),
    slow: new SlowReceivers(limits, counts),
    bodies: new WeakSet()
  }
  for (const name of options.streams) feed.streams.declare(name)
  for (const update of options.last) feed.streams.declare(update.stream).log.restore(update)

  const address = await resolved(host, port)
  const loopback = isLoopbackAddress(address)
  checkExposure(options, loopback)
  const server = createListener(options.tls, limits)
  server.maxConnections = options.maxConnections
  const report = rateLimited(clock, notify)
  const sockets = guardConnections(server, feed, report)
  serve(server, requestHandler(feed, accessGuard(options, loopback), report))
  const failed = (error: Error) => report(listenError(error, options))
  await listen(server, address, port, failed)

  let where = addressOf(server)
  let closing: Promise<void> | null = null
  return {
    get address() {
      return { host, port: where.port, wsPort: null }
    },
    declare(names) {
      for (const name of names) feed.streams.declare(name)
    },
    accept(update) {
      if (closing)
        throw new DeliveryError('SERVER_CLOSED', 'Expected a feed that listens, found a closed one')
      const stream = feed.streams.append(update)
      if (stream) feed.held.wake(stream)
    },
    counters: () => ({
      connections: sockets.size,
      dropped: counts.dropped,
      refused: counts.refused,
      expired: counts.expired,
      updates: counts.updates,
      limits: counts.limits()
    }),
    goAway: () =>
      new Promise(resolve => {
        // with an error when it does not listen: then it is away
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
    async comeBack(ports) {
      if (server.listening) return
      server.off('error', failed)
      await listen(server, address, ports.port, failed)
      where = addressOf(server)
    },
    close() {
      closing ??= new Promise(resolve => {
        server.close(() => resolve())
        feed.held.close()
        // answers of a few bytes are in the kernel's hands by now
        for (const socket of sockets) socket.destroy()
      })
      return closing
    }
  }
}

const addressOf = (server: Server): AddressInfo => server.address() as AddressInfo

async function resolved(host: string, port: number): Promise<string> {
  try {
    return (await lookup(host)).address
  } catch (error) {
    throw listenError(error, { host, port })
  }
}

function serve(server: Server, handle: RequestHandler): void {
  server.on('request', handle)
  // a body that waits for leave is refused like any other
  server.on('checkContinue', handle)
}

/** Tells people once in a while, not for every client. */
function rateLimited(clock: Clock, notify: (notice: ServerNotice) => void): (error: DeliveryError) => void {
  const last = new Map<string, number>()
  return ({ code, message }) => {
    const before = last.get(code)
    if (before !== undefined && clock.now() - before < NOTICE_EVERY_MS) return
    last.set(code, clock.now())
    notify({ code, message })
  }
}
