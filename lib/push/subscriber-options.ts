import type { IPublishPacket } from 'mqtt-packet'
import type { Clock } from '../clock.js'
import type { DeliveryError } from '../errors.js'
import type { Ms } from '../units.js'
import type { Delivery } from '../update/delivery.js'
import type { Exchange, ServerTotals, SourceReport } from '../update/exchange.js'
import type { ForeignFinders } from '../update/foreign.js'
import type { Qos } from '../update/update.js'
import type { Source } from './arrival.js'
import type { PushEndpoints } from './endpoint.js'
import type { LinkState } from './link.js'
import type { SubscriberMemory } from './subscriber-memory.js'

/** As `LinkState`, but connected only means something once the broker has accepted the subscription. */
export type SubscriberState =
  | Exclude<LinkState, { readonly kind: 'connected' }>
  | { readonly kind: 'subscribed' }

/** Updates that numbers prove missing. */
export interface Loss {
  readonly stream: string
  /** Proven by the message that was just delivered. */
  readonly missed: number
  /** In all since this subscriber started, less those that came after all. */
  readonly total: number
}

export interface SubscriberOptions {
  readonly endpoints: PushEndpoints
  readonly clock: Clock
  readonly random: () => number
  readonly source: Source
  readonly topicFilter: string
  readonly qos: Qos
  readonly session: 'clean' | 'persistent'
  readonly clientId: string
  /** For payloads that are not our envelope. */
  readonly finders: ForeignFinders
  /** From an earlier subscriber of the same broker, filter and session. @default a new one */
  readonly memory?: SubscriberMemory
  /** A silent broker is noticed within 1.5 times this. @default 15000 */
  readonly keepAliveMs?: Ms
  /** From the first byte until the broker accepts. @default 10000 */
  readonly connectTimeoutMs?: Ms
  /** Figures of an embedded server; null for an external one. */
  server(): ServerTotals | null
  /** Whether anybody listens to exchanges: none are made otherwise. */
  exchangesWanted(): boolean
  /** In order of arrival, one at a time. A QoS 1 or 2 message is acknowledged only after this. */
  onDelivery(delivery: Delivery, payload: unknown, packet: IPublishPacket): void
  onExchange(exchange: Exchange): void
  onState(state: SubscriberState): void
  onLoss(loss: Loss): void
  onError(error: DeliveryError): void
}

/** A subscription that is kept up until closed. */
export interface Subscriber {
  /** Updates that numbers prove missing since the start, less those that came after all. */
  readonly lost: number
  /** Costs and settings as they are now. */
  report(): SourceReport
  /** Makes one `traffic` exchange, whether or not anything changed. */
  tell(): void
  /**
   * Leaves the broker within 300 ms; nothing is delivered or acknowledged any more. Idempotent.
   * `forget`: and has the broker forget a persistent session, if it answers within another 250 ms.
   */
  close(options?: { readonly forget?: boolean }): Promise<void>
}
