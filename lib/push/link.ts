import type { IConnackPacket, IPublishPacket, Packet } from 'mqtt-packet'
import { Backoff } from '../backoff.js'
import { type Clock, delay } from '../clock.js'
import { asDeliveryError, type DeliveryError } from '../errors.js'
import type { Bytes, EpochMs, Ms } from '../units.js'
import { type Connection, type ConnectionEnd, type ConnectionOptions, openConnection } from './connection.js'
import type { PushEndpoint, PushEndpoints } from './endpoint.js'

/** What a link to a broker is doing; `error` is why it was or is not connected. */
export type LinkState =
  /** For the address: an embedded server starts. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'connecting'; readonly error: DeliveryError | null }
  | { readonly kind: 'connected' }
  /** Waits before the next attempt. */
  | { readonly kind: 'retrying'; readonly error: DeliveryError }
  /** There will be no address: not tried again. */
  | { readonly kind: 'failed'; readonly error: DeliveryError }

export interface LinkOptions
  extends Pick<ConnectionOptions, 'clientId' | 'clean' | 'keepAliveMs' | 'connectTimeoutMs' | 'mqtt'> {
  readonly endpoints: PushEndpoints
  readonly clock: Clock
  readonly random: () => number
  onState(state: LinkState): void
  /** Once when a failure begins, and again when its code changes: not for every attempt. */
  onError(error: DeliveryError): void
  onPacket?(packet: Packet, receivedAt: EpochMs): void
  onMessage?(packet: IPublishPacket, done: () => void): void
  onConnected(connection: Connection, connack: IConnackPacket): void
  /** An attempt failed or a connection ended; not called once the link is closed. */
  onEnded(end: ConnectionEnd & { readonly endpoint: PushEndpoint; readonly startedAt: EpochMs }): void
}

/** Cumulative over all connections of a link. */
export interface LinkTotals {
  /** Accepted by a broker. */
  readonly connections: number
  readonly reconnects: number
  /** 0 or 1: a gauge. */
  readonly open: number
  /** Attempts that failed. */
  readonly errors: number
  readonly bytesSent: Bytes
  readonly bytesReceived: Bytes
}

/** A connection to a broker that is made again whenever it ends, until closed. */
export interface Link {
  /** The connection that a broker has accepted, null while there is none. */
  readonly connected: Connection | null
  /** Where it is or was last. */
  readonly endpoint: PushEndpoint | null
  totals(): LinkTotals
  /** Ends within 300 ms and leaves no socket. */
  close(): Promise<void>
}

/** A connection that lasted this long was good: the next back-off starts small again. */
const STEADY: Ms = 10_000

/**
 * Keeps connected: exponential back-off with full jitter, the address asked for before every attempt,
 * several addresses in turn without a pause until all have failed.
 */
export function keepConnected(options: LinkOptions): Link {
  const { clock, onState, onError } = options
  const backoff = new Backoff({ random: options.random })
  const closing = new AbortController()
  const { signal } = closing
  let current: Connection | null = null
  let connected: Connection | null = null
  let endpoint: PushEndpoint | null = null
  let connections = 0
  let errors = 0
  let sent: Bytes = 0
  let received: Bytes = 0
  let turn = 0
  let failing: DeliveryError | null = null

  const report = (error: DeliveryError) => {
    if (failing?.code !== error.code) onError(error)
    failing = error
  }
  /** Resolves when the connection has ended. */
  const attempt = (chosen: PushEndpoint) =>
    new Promise<ConnectionEnd>((resolve, reject) => {
      endpoint = chosen
      const startedAt = clock.now()
      try {
        const connection = openConnection({
          ...options,
          endpoint: chosen,
          onConnected(connack) {
            connections += 1
            failing = null
            connected = connection
            onState({ kind: 'connected' })
            options.onConnected(connection, connack)
          },
          onEnded(end) {
            const last = connection.bytes()
            sent += last.sent
            received += last.received
            current = null
            connected = null
            if (end.wasConnected && clock.now() - startedAt >= STEADY) backoff.reset()
            if (!end.wasConnected) errors += 1
            if (!signal.aborted) options.onEnded({ ...end, endpoint: chosen, startedAt })
            resolve(end)
          }
        })
        current = connection
      } catch (error) {
        reject(error)
      }
    })

  const run = async () => {
    // whoever opened this link knows it before it says anything
    await null
    while (!signal.aborted) {
      if (failing === null) onState({ kind: 'waiting' })
      let list: readonly PushEndpoint[]
      try {
        list = await options.endpoints(signal)
      } catch (error) {
        if (signal.aborted) return
        const failure = asDeliveryError(error, 'CONNECT_FAILED')
        report(failure)
        onState({ kind: 'failed', error: failure })
        return
      }
      const chosen = list[turn % list.length]
      if (signal.aborted || chosen === undefined) return
      onState({ kind: 'connecting', error: failing })
      const end = await attempt(chosen).catch(error => {
        errors += 1
        return { error: asDeliveryError(error, 'CONNECT_FAILED'), wasConnected: false }
      })
      if (signal.aborted || end.error === null) return
      report(end.error)
      onState({ kind: 'retrying', error: end.error })
      if (!end.wasConnected) turn += 1
      if (!end.wasConnected && turn % list.length !== 0) continue
      await delay(clock, backoff.next(), signal)
    }
  }
  run().catch(error => {
    if (!signal.aborted) onError(asDeliveryError(error, 'CONNECT_FAILED'))
  })

  return {
    get connected() {
      return connected
    },
    get endpoint() {
      return endpoint
    },
    totals() {
      const open = current?.bytes() ?? { sent: 0, received: 0 }
      return {
        connections,
        reconnects: Math.max(0, connections - 1),
        open: connected ? 1 : 0,
        errors,
        bytesSent: sent + open.sent,
        bytesReceived: received + open.received
      }
    },
    async close() {
      closing.abort()
      await current?.close()
    }
  }
}
