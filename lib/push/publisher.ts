import type { Clock } from '../clock.js'
import { DeliveryError } from '../errors.js'
import type { Bytes, Ms } from '../units.js'
import { streamNameFault } from '../update/stream-name.js'
import type { HandedUpdate } from '../update/update.js'
import type { Connection } from './connection.js'
import type { PushEndpoints } from './endpoint.js'
import { keepConnected, type LinkState, type LinkTotals } from './link.js'

export interface PublisherOptions {
  readonly endpoints: PushEndpoints
  readonly clock: Clock
  readonly random: () => number
  readonly clientId: string
  /** @default 15000 */
  readonly keepAliveMs?: Ms
  /** @default 10000 */
  readonly connectTimeoutMs?: Ms
  /** Updates that wait for their acknowledgement or for a connection, at most. @default 10000 */
  readonly maxWaiting?: number
  /** Bytes that wait in them and in the socket, at most. @default 67108864 */
  readonly maxWaitingBytes?: Bytes
  onState(state: LinkState): void
  onError(error: DeliveryError): void
}

export interface PublisherTotals extends LinkTotals {
  /** Updates that the broker has: acknowledged, or for QoS 0 written to the socket. */
  readonly published: number
  readonly failed: number
  /** Waiting now: a gauge. */
  readonly waiting: number
}

/** Hands updates to a broker somewhere else. */
export interface Publisher {
  /**
   * In call order. Resolves when the broker has acknowledged it; at QoS 0 when the socket has taken it.
   * While there is no connection, QoS 1 and 2 wait for one; after a reconnect what was not acknowledged goes
   * out again, so that the broker may get it twice. QoS 0 waits only for the very first connection.
   * @throws DeliveryError `CONNECTION_LOST` (QoS 0 without a connection), `QUEUE_FULL`, `HAND_OVER_FAILED`, `STREAM_INVALID`, `SERVER_CLOSED`
   */
  publish(update: HandedUpdate): Promise<void>
  totals(): PublisherTotals
  /** Ends within 300 ms; what waits fails with `SERVER_CLOSED`. Idempotent. */
  close(): Promise<void>
}

interface Waiting {
  readonly update: HandedUpdate
  /** The connection that it went out on; null: not sent yet. */
  on: Connection | null
  /** Connections that ended while it was the oldest one under way. */
  losses: number
  settle(error?: DeliveryError): void
}

/** Most updates under way on one connection; MQTT has 65 535 packet ids, and mqtt.js reuses them silently. */
const UNDER_WAY = 1000
/** An update that was the oldest under way when so many connections ended is what ends them: too large, forbidden. */
const LOSSES = 5

export function startPublisher(options: PublisherOptions): Publisher {
  const { maxWaiting = 10_000, maxWaitingBytes = 64 * 1024 * 1024 } = options
  /** In call order; QoS 0 leaves it as soon as it is written. */
  const waiting = new Set<Waiting>()
  let waitingBytes: Bytes = 0
  let underWay = 0
  let published = 0
  let failed = 0
  let closed = false
  /** No attempt has failed yet: QoS 0 may wait for the first connection. */
  let hopeful = true

  const link = keepConnected({
    endpoints: options.endpoints,
    clock: options.clock,
    random: options.random,
    clientId: options.clientId,
    clean: true,
    keepAliveMs: options.keepAliveMs ?? 15_000,
    connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
    mqtt: { queueQoSZero: false },
    onState(state) {
      if (closed) return
      if (state.kind === 'failed') give(state.error, () => true)
      if (state.kind === 'retrying') withoutConnection()
      options.onState(state)
    },
    onError: options.onError,
    onConnected() {
      hopeful = false
      underWay = 0
      sendWaiting()
    },
    onEnded() {
      underWay = 0
      const [oldest] = waiting
      if (oldest?.on) oldest.losses += 1
      if (oldest && oldest.losses >= LOSSES)
        oldest.settle(
          new DeliveryError(
            'HAND_OVER_FAILED',
            `Expected the broker to acknowledge an update, found the connection ended ${LOSSES} times instead`
          )
        )
      for (const entry of waiting) entry.on = null
    }
  })

  /** Fails what waits and passes the test. */
  function give(error: DeliveryError, test: (entry: Waiting) => boolean) {
    for (const entry of [...waiting]) if (test(entry)) entry.settle(error)
  }
  function withoutConnection() {
    hopeful = false
    give(lostError(), ({ update }) => update.qos === 0)
  }
  function lostError() {
    return new DeliveryError(
      'CONNECTION_LOST',
      'Expected a connection to the broker for an update at QoS 0, found none'
    )
  }
  function sendWaiting() {
    const connection = link.connected
    if (!connection) return
    for (const entry of waiting) {
      if (underWay >= UNDER_WAY) return
      if (entry.on !== connection) send(entry, connection)
    }
  }
  function send(entry: Waiting, connection: Connection) {
    const { stream, body, qos, retain } = entry.update
    entry.on = connection
    underWay += 1
    const payload = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
    connection.client.publish(stream, payload, { qos, retain }, error => {
      if (entry.on !== connection) return
      // a connection that ended takes its acknowledgements with it: the next one sends again
      if (error) return
      underWay -= 1
      entry.settle()
      if (waiting.size > underWay) sendWaiting()
    })
  }

  return {
    publish(update) {
      return new Promise<void>((resolve, reject) => {
        const refuse = (error: DeliveryError) => {
          failed += 1
          reject(error)
        }
        const fault = streamNameFault(update.stream)
        if (fault !== null) return refuse(new DeliveryError('STREAM_INVALID', fault))
        if (closed)
          return refuse(new DeliveryError('SERVER_CLOSED', 'Expected an open publisher, found it closed'))
        if (update.qos === 0 && !link.connected && !hopeful) return refuse(lostError())
        const queued = waitingBytes + (link.connected?.client.stream.writableLength ?? 0)
        if (waiting.size >= maxWaiting || queued + update.body.length > maxWaitingBytes)
          return refuse(
            new DeliveryError(
              'QUEUE_FULL',
              `Expected at most ${maxWaiting} updates and ${maxWaitingBytes} bytes to wait for the broker, found more`
            )
          )
        const entry: Waiting = {
          update,
          on: null,
          losses: 0,
          settle(error) {
            if (!waiting.delete(entry)) return
            waitingBytes -= update.body.length
            if (error) return refuse(error)
            published += 1
            resolve()
          }
        }
        waiting.add(entry)
        waitingBytes += update.body.length
        // those before it go first
        if (link.connected && underWay < UNDER_WAY) send(entry, link.connected)
      })
    },
    totals: () => ({ ...link.totals(), published, failed, waiting: waiting.size }),
    async close() {
      closed = true
      give(
        new DeliveryError(
          'SERVER_CLOSED',
          'Expected the broker to take an update, found the publisher closed'
        ),
        () => true
      )
      await link.close()
    }
  }
}
