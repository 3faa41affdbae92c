import { Readable } from 'node:stream'
import type { RetainedMessages } from './retained-messages.js'
import type { MatchedSubscription, Sessions, StoredSubscription } from './sessions.js'
import { compact, type StoredPacket } from './stored-packet.js'
import type { Tally } from './tally.js'
import { isRefusedFilter } from './topic-rules.js'

interface Party {
  readonly id: string
}

/**
 * What Aedes 1.2 asks of a persistence, in memory and within bounds. Storing happens within the call (`done`), so
 * that messages keep their order whether retained or not, and a PUBACK can follow the storing (see store-first).
 */
export class Persistence {
  readonly #sessions: Sessions
  readonly #retained: RetainedMessages
  readonly #tally: Tally
  readonly #isOurs: (topic: string) => boolean
  /** QoS 2 publishes that await their PUBREL, by client: the identifiers only, for the message is published at once. */
  readonly #incoming = new Map<string, Set<number>>()
  readonly #subscribed = new WeakSet<readonly StoredSubscription[]>()
  readonly #wills = new Map<string, unknown>()

  constructor(parts: {
    readonly sessions: Sessions
    readonly retained: RetainedMessages
    readonly tally: Tally
    readonly isOurs: (topic: string) => boolean
  }) {
    this.#sessions = parts.sessions
    this.#retained = parts.retained
    this.#tally = parts.tally
    this.#isOurs = parts.isOurs
    parts.sessions.onForget = clientId => this.#incoming.delete(clientId)
  }

  /** Aedes insists on an async function here. */
  async setup(): Promise<void> {}

  storeRetained(packet: StoredPacket): PromiseLike<void> {
    const refusedBy = this.#retained.store(
      { ...packet, payload: compact(packet.payload) },
      this.#isOurs(packet.topic)
    )
    if (refusedBy) this.#tally.add(refusedBy)
    return done(undefined)
  }

  createRetainedStreamCombi(filters: readonly string[]): Readable {
    const retained = this.#retained
    return Readable.from(
      (function* () {
        for (const filter of filters) yield* retained.matching(filter)
      })()
    )
  }

  async addSubscriptions(client: Party, subscriptions: readonly StoredSubscription[]): Promise<void> {
    // Aedes calls once for each filter of a SUBSCRIBE, with all of them, granted or not
    if (this.#subscribed.has(subscriptions)) return
    this.#subscribed.add(subscriptions)
    for (const subscription of subscriptions)
      if (!isRefusedFilter(subscription.topic)) this.#sessions.subscribe(client.id, { ...subscription })
  }

  async removeSubscriptions(client: Party, filters: readonly string[]): Promise<void> {
    for (const filter of filters) this.#sessions.unsubscribe(client.id, filter)
  }

  async subscriptionsByClient(client: Party): Promise<StoredSubscription[]> {
    return this.#sessions.subscriptionsOf(client.id).map(subscription => ({ ...subscription }))
  }

  subscriptionsByTopic(topic: string): PromiseLike<MatchedSubscription[]> {
    return done(this.#sessions.subscribersOf(topic))
  }

  async cleanSubscriptions(client: Party): Promise<void> {
    this.#sessions.forget(client.id)
  }

  outgoingEnqueueCombi(subscribers: readonly MatchedSubscription[], packet: StoredPacket): PromiseLike<void> {
    if (subscribers.length === 0) return done(undefined)
    const payload = compact(packet.payload)
    for (const { clientId, qos } of subscribers)
      this.#sessions.enqueue(clientId, {
        cmd: 'publish',
        topic: packet.topic,
        payload,
        // [MQTT-3.8.4-6]
        qos: Math.min(packet.qos, qos),
        retain: false,
        ...(packet.brokerId === undefined ? {} : { brokerId: packet.brokerId }),
        brokerCounter: packet.brokerCounter
      })
    return done(undefined)
  }

  outgoingUpdate(client: Party, packet: StoredPacket): PromiseLike<void> {
    this.#sessions.queueOf(client.id)?.sending(packet)
    return done(undefined)
  }

  async outgoingClearMessageId(client: Party, packet: StoredPacket): Promise<StoredPacket | undefined> {
    // without an identifier it was not sent: it stays owed
    if (packet.messageId === undefined) return undefined
    return this.#sessions.queueOf(client.id)?.acknowledged(packet.messageId)
  }

  outgoingStream(client: Party): Readable {
    const packets = this.#sessions.queueOf(client.id)?.packets() ?? []
    // one at a time, so that what is published meanwhile keeps its place
    return Readable.from(resent(packets), { highWaterMark: 1 })
  }

  async incomingStorePacket(client: Party, packet: StoredPacket): Promise<void> {
    const ids = this.#incoming.get(client.id) ?? new Set()
    this.#incoming.set(client.id, ids.add(packet.messageId ?? 0))
  }

  async incomingGetPacket(client: Party, packet: StoredPacket): Promise<StoredPacket> {
    if (!this.#incoming.get(client.id)?.has(packet.messageId ?? 0)) throw new Error('no such packet')
    return packet
  }

  async incomingDelPacket(client: Party, packet: StoredPacket): Promise<void> {
    const ids = this.#incoming.get(client.id)
    if (!ids?.delete(packet.messageId ?? 0)) throw new Error('no such packet')
    if (ids.size === 0) this.#incoming.delete(client.id)
  }

  async cleanIncoming(client: Party): Promise<void> {
    this.#incoming.delete(client.id)
  }

  async putWill(client: Party, will: unknown): Promise<void> {
    this.#wills.set(client.id, will)
  }

  async getWill(client: Party): Promise<unknown> {
    return this.#wills.get(client.id)
  }

  async delWill(client: Party): Promise<unknown> {
    const will = this.#wills.get(client.id)
    this.#wills.delete(client.id)
    return will
  }

  /** Wills of other brokers that died; there are none. */
  streamWill(): Readable {
    return Readable.from([])
  }

  async destroy(): Promise<void> {
    this.#sessions.close()
  }
}

/** What was sent before goes out again as a duplicate [MQTT-3.3.1-1]. */
function* resent(packets: Iterable<StoredPacket>): Generator<StoredPacket> {
  for (const packet of packets) yield packet.messageId === undefined ? packet : { ...packet, dup: true }
}

/** A settled result whose `then` runs within the call; Aedes uses nothing but `.then(resolved, rejected)`. */
function done<Value>(value: Value): PromiseLike<Value> {
  return {
    // biome-ignore lint/suspicious/noThenProperty: a promise would defer, and let later messages overtake
    // biome-ignore lint/suspicious/noExplicitAny: PromiseLike's own signature
    then(resolved?: ((value: Value) => any) | null): any {
      return resolved?.(value)
    }
  }
}
