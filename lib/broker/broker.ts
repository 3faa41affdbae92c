import { lookup } from 'node:dns/promises'
import type { Socket } from 'node:net'
import { type Clock, systemClock } from '../clock.js'
import { DeliveryError } from '../errors.js'
import { isLoopbackAddress } from '../loopback.js'
import { descriptorLimit } from '../thread/descriptor-limit.js'
import { listenError } from '../thread/listen-error.js'
import type {
  ListenAddress,
  ServerNotice,
  ThreadServer,
  ThreadServerOptions
} from '../thread/thread-server.js'
import type { Bytes } from '../units.js'
import type { HandedUpdate } from '../update/update.js'
import { admitsAnonymous } from './access.js'
import { Connections } from './connections.js'
import { openGuardedAedes } from './guarded-aedes.js'
import { type BrokerLimits, DEFAULT_LIMITS } from './limits.js'
import { type Listener, listen } from './listener.js'
import { rateLimited } from './notices.js'
import { Tally } from './tally.js'
import { openTransports } from './transports.js'

export interface BrokerOptions extends ThreadServerOptions {
  /** WebSocket port; 0 = any free port, null = none. */
  readonly wsPort: number | null
  /** Credentials that clients must send; both null = none. */
  readonly username: string | null
  readonly password: string | null
  /** TCP and WebSocket together. */
  readonly maxConnections: number
  /** Largest MQTT packet, header included. */
  readonly maxPacketBytes: Bytes
  readonly limits?: Partial<BrokerLimits>
}

/** A broker that listens. */
export interface Broker extends ThreadServer {
  /**
   * Stores an update and sends it on its way, within the call.
   * @throws DeliveryError `SERVER_CLOSED`, `PAYLOAD_TOO_LARGE`, `HAND_OVER_FAILED`
   */
  accept(update: HandedUpdate): void
}

/** Fixed header, topic length and packet identifier of a PUBLISH, at most. */
const PUBLISH_OVERHEAD: Bytes = 9

/**
 * Opens an MQTT 3.1.1 broker. Topics are streams: an update goes out under the name of its stream.
 * QoS 1 means: acknowledged once stored, in the memory of this thread; nothing survives the thread.
 * @throws DeliveryError `TLS_INVALID`, `CREDENTIALS_REQUIRED`, `PORT_IN_USE`, `LISTEN_FAILED`
 */
export async function startBroker(
  options: BrokerOptions,
  send: (notice: ServerNotice) => void,
  clock: Clock = systemClock()
): Promise<Broker> {
  const limits: BrokerLimits = { ...DEFAULT_LIMITS, ...options.limits }
  const address = await resolvedAddress(options)
  const loopback = isLoopbackAddress(address)
  if (!loopback && !options.anonymous && admitsAnonymous(options))
    throw new DeliveryError(
      'CREDENTIALS_REQUIRED',
      `Expected a user name and password for a broker that listens on ${options.host}, found none; set them, or allow anonymous clients, or listen on 127.0.0.1`
    )
  const tally = new Tally()
  const notify = rateLimited(send, clock)
  const connections = new Connections({
    maxConnections: options.maxConnections,
    limits,
    tally,
    notify,
    clock,
    descriptorLimit: descriptorLimit()
  })
  const streams = new Set(options.streams)
  const transports = openTransports({
    tls: options.tls,
    host: options.host,
    maxPacketBytes: options.maxPacketBytes,
    limits,
    refuseForeignOrigins: loopback && admitsAnonymous(options),
    tally,
    isIn: socket => connections.isIn(socket),
    serve: (stream, socket) => aedes.serve(stream, socket)
  })
  const aedes = await openGuardedAedes({
    access: options,
    maxPacketBytes: options.maxPacketBytes,
    limits,
    connections,
    tally,
    notify,
    clock,
    isOurs: topic => streams.has(topic)
  })
  const publish = ({ stream, body, qos, retain }: HandedUpdate) =>
    aedes.publish({
      topic: stream,
      payload: Buffer.from(body.buffer, body.byteOffset, body.byteLength),
      qos,
      retain
    })

  let listeners: Listener[] = []
  let closing: Promise<void> | null = null
  const free = () => {
    const freed = listeners.map(listener => listener.close())
    listeners = []
    return Promise.all(freed)
  }
  const close = async () => {
    const freed = free()
    await aedes.close()
    connections.destroyAll()
    await freed
  }
  const goAway = async () => {
    const freed = free()
    connections.destroyAll()
    await freed
  }
  const open = async (port: number, upgrade: (socket: Socket) => void) => {
    const listener = await listen({
      host: address,
      port,
      onSocket: socket => {
        if (connections.admit(socket)) upgrade(socket)
      },
      onError(error) {
        tally.add('acceptFailed')
        notify('LISTEN_FAILED', `Expected to accept connections on port ${port}, found: ${error.message}`)
      }
    })
    listeners.push(listener)
    return listener.port
  }
  const openAll = async ({ port, wsPort }: Pick<ListenAddress, 'port' | 'wsPort'>) => ({
    host: options.host,
    port: await open(port, transports.tcp),
    wsPort: wsPort === null ? null : await open(wsPort, transports.webSocket)
  })

  try {
    for (const update of options.last) {
      streams.add(update.stream)
      if (update.retain) publish(update)
    }
    let where = await openAll(options)
    let updates = 0
    return {
      get address() {
        return where
      },
      declare(names) {
        for (const name of names) streams.add(name)
      },
      accept(update) {
        if (closing)
          throw new DeliveryError('SERVER_CLOSED', 'Expected a broker that listens, found a closed one')
        const bytes = update.body.byteLength + Buffer.byteLength(update.stream) + PUBLISH_OVERHEAD
        if (bytes > options.maxPacketBytes)
          throw new DeliveryError(
            'PAYLOAD_TOO_LARGE',
            `Expected an MQTT packet of at most ${options.maxPacketBytes} bytes, found ${bytes}`
          )
        streams.add(update.stream)
        publish(update)
        updates += 1
      },
      counters: () => ({ connections: connections.size, updates, ...tally.counters() }),
      goAway,
      async comeBack(ports) {
        try {
          await goAway()
          where = await openAll(ports)
        } catch (error) {
          // one of two ports would be half a server
          await goAway()
          throw listenError(error, { host: options.host, port: ports.port })
        }
      },
      close: () => (closing ??= close())
    }
  } catch (error) {
    await close()
    throw listenError(error, options)
  }
}

/** The address that a host listens on: that of a name is looked up once, for both ports. */
async function resolvedAddress({ host, port }: BrokerOptions): Promise<string> {
  try {
    return (await lookup(host)).address
  } catch (error) {
    throw listenError(error, { host, port })
  }
}
