import type { Clock } from '../clock.js'
import type { EpochMs, Ms } from '../units.js'
import type { BrokerLimits } from './limits.js'
import { SessionQueue } from './session-queue.js'
import type { StoredPacket } from './stored-packet.js'
import type { Tally } from './tally.js'
import { TopicTree } from './topic-tree.js'

/** One subscription of a persistent session. */
export interface StoredSubscription {
  readonly topic: string
  readonly qos: number
}

/** A subscription with the session that it belongs to. */
export interface MatchedSubscription extends StoredSubscription {
  readonly clientId: string
}

interface Session {
  readonly subscriptions: Map<string, StoredSubscription>
  readonly queue: SessionQueue
  /** Null while its client is connected. */
  offlineSince: EpochMs | null
}

const LONGEST_SWEEP: Ms = 60_000

/** The persistent sessions: their subscriptions and what they are owed. Bounded in number and in time offline. */
export class Sessions {
  readonly #limits: BrokerLimits
  readonly #tally: Tally
  readonly #clock: Clock
  readonly #sessions = new Map<string, Session>()
  readonly #tree = new TopicTree<MatchedSubscription>()
  #cancelSweep: () => void
  /** Told of every session that ends. */
  onForget: (clientId: string) => void = () => {}

  constructor(limits: BrokerLimits, tally: Tally, clock: Clock) {
    this.#limits = limits
    this.#tally = tally
    this.#clock = clock
    this.#cancelSweep = this.#sweepLater()
  }

  get size(): number {
    return this.#sessions.size
  }

  /** The client of a persistent session is there. */
  online(clientId: string): void {
    this.#open(clientId).offlineSince = null
  }

  /** It is gone; what it is owed is kept until it expires. */
  offline(clientId: string): void {
    const session = this.#sessions.get(clientId)
    if (!session) return
    session.offlineSince = this.#clock.now()
    // last in the map = offline for the shortest time
    this.#sessions.delete(clientId)
    this.#sessions.set(clientId, session)
  }

  /** Ends a session with everything in it. */
  forget(clientId: string): void {
    const session = this.#sessions.get(clientId)
    if (!session) return
    for (const filter of session.subscriptions.keys()) this.#tree.delete(filter, clientId)
    this.#sessions.delete(clientId)
    this.onForget(clientId)
  }

  subscribe(clientId: string, subscription: StoredSubscription): void {
    const { subscriptions } = this.#open(clientId)
    // past the limit it is refused for this connection too, see subscribe-rules
    if (!subscriptions.has(subscription.topic) && subscriptions.size >= this.#limits.clientSubscriptions)
      return
    subscriptions.set(subscription.topic, subscription)
    // at QoS 0 nothing is owed to a client that is away
    if (subscription.qos > 0) this.#tree.set(subscription.topic, clientId, { ...subscription, clientId })
    else this.#tree.delete(subscription.topic, clientId)
  }

  unsubscribe(clientId: string, filter: string): void {
    this.#sessions.get(clientId)?.subscriptions.delete(filter)
    this.#tree.delete(filter, clientId)
  }

  subscriptionsOf(clientId: string): StoredSubscription[] {
    return [...(this.#sessions.get(clientId)?.subscriptions.values() ?? [])]
  }

  subscribersOf(topic: string): MatchedSubscription[] {
    return this.#tree.match(topic)
  }

  queueOf(clientId: string): SessionQueue | undefined {
    return this.#sessions.get(clientId)?.queue
  }

  enqueue(clientId: string, packet: StoredPacket): void {
    const session = this.#open(clientId)
    const evicted = session.queue.enqueue(packet)
    if (!evicted) return
    // a connected client still gets what it is sent now; it only could not be sent again
    this.#tally.add(session.offlineSince === null ? 'unacknowledged' : evicted.for, evicted.messages)
  }

  close(): void {
    this.#cancelSweep()
  }

  #open(clientId: string): Session {
    let session = this.#sessions.get(clientId)
    if (session) return session
    const { sessionMessages, sessionBytes } = this.#limits
    session = {
      subscriptions: new Map(),
      queue: new SessionQueue(sessionMessages, sessionBytes),
      offlineSince: this.#clock.now()
    }
    this.#sessions.set(clientId, session)
    if (this.#sessions.size > this.#limits.maxSessions) this.#forgetLongestOffline()
    return session
  }

  #forgetLongestOffline(): void {
    for (const [clientId, session] of this.#sessions) {
      if (session.offlineSince === null) continue
      this.forget(clientId)
      this.#tally.add('maxSessions')
      return
    }
  }

  #sweepLater(): () => void {
    const wait = Math.min(this.#limits.sessionExpiryMs, LONGEST_SWEEP)
    return this.#clock.at(this.#clock.now() + wait, () => {
      this.#sweep()
      this.#cancelSweep = this.#sweepLater()
    })
  }

  #sweep(): void {
    const expired = this.#clock.now() - this.#limits.sessionExpiryMs
    for (const [clientId, session] of this.#sessions) {
      if (session.offlineSince === null || session.offlineSince > expired) continue
      this.forget(clientId)
      this.#tally.add('sessionExpiryMs')
    }
  }
}
