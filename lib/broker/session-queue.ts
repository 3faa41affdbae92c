import type { Bytes } from '../units.js'
import { type StoredPacket, weight } from './stored-packet.js'

/** What had to go to make room. */
export interface Evicted {
  readonly messages: number
  readonly for: 'sessionMessages' | 'sessionBytes'
}

/** Packet identifiers run from 1 [MQTT-2.3.1-1]. */
const LAST_MESSAGE_ID = 65_535

/**
 * What one persistent session is owed at QoS 1 and 2, oldest first: sent and not yet acknowledged, then not yet sent.
 * Bounded: the oldest go first, so what is left is one run up to the present.
 */
export class SessionQueue {
  readonly #maxMessages: number
  readonly #maxBytes: Bytes
  /** By broker counter, in order of publishing. */
  readonly #packets = new Map<number, StoredPacket>()
  /** Packet identifier → broker counter. */
  readonly #sent = new Map<number, number>()
  #bytes: Bytes = 0

  constructor(maxMessages: number, maxBytes: Bytes) {
    this.#maxMessages = maxMessages
    this.#maxBytes = maxBytes
  }

  get size(): number {
    return this.#packets.size
  }

  get bytes(): Bytes {
    return this.#bytes
  }

  /** Whether the message with this broker counter is still owed. */
  has(brokerCounter: number): boolean {
    return this.#packets.has(brokerCounter)
  }

  /** Takes one message, once however many filters matched it; returns what had to go for it. */
  enqueue(packet: StoredPacket): Evicted | null {
    if (this.#packets.has(packet.brokerCounter)) return null
    this.#packets.set(packet.brokerCounter, packet)
    this.#bytes += weight(packet)
    let messages = 0
    let cause: Evicted['for'] = 'sessionMessages'
    while (this.#packets.size > this.#maxMessages || this.#bytes > this.#maxBytes) {
      const [oldest] = this.#packets.keys()
      if (oldest === undefined) break
      if (this.#packets.size <= this.#maxMessages) cause = 'sessionBytes'
      this.#remove(oldest)
      messages += 1
    }
    return messages > 0 ? { messages, for: cause } : null
  }

  /**
   * A packet is about to be sent: remembers its identifier, or gives it a free one where another unacknowledged
   * packet has that identifier [MQTT-2.3.1-2]. A PUBREL takes the place of the PUBLISH with its identifier.
   */
  sending(packet: StoredPacket): void {
    if (packet.cmd === 'pubrel') this.#released(packet)
    else if (this.#packets.has(packet.brokerCounter)) this.#identify(packet)
  }

  #released(pubrel: StoredPacket): void {
    const counter = this.#sent.get(pubrel.messageId ?? 0)
    const publish = counter === undefined ? undefined : this.#packets.get(counter)
    if (counter === undefined || publish === undefined || publish.cmd === 'pubrel') return
    this.#bytes -= weight(publish)
    this.#packets.set(counter, {
      cmd: 'pubrel',
      topic: '',
      payload: Buffer.alloc(0),
      qos: 1,
      retain: false,
      brokerCounter: counter,
      messageId: pubrel.messageId
    })
  }

  #identify(packet: StoredPacket): void {
    const stored = this.#packets.get(packet.brokerCounter)
    if (!stored) return
    if (stored.messageId !== undefined) this.#sent.delete(stored.messageId)
    let id = packet.messageId ?? 1
    for (let tried = 0; tried < LAST_MESSAGE_ID && this.#sent.has(id); tried += 1)
      id = id >= LAST_MESSAGE_ID ? 1 : id + 1
    packet.messageId = id
    stored.messageId = id
    this.#sent.set(id, packet.brokerCounter)
  }

  /** The packet with this identifier was acknowledged; returns it. */
  acknowledged(messageId: number): StoredPacket | undefined {
    const counter = this.#sent.get(messageId)
    return counter === undefined ? undefined : this.#remove(counter)
  }

  /** Oldest first; sees what is enqueued while it runs. */
  packets(): IterableIterator<StoredPacket> {
    return this.#packets.values()
  }

  #remove(counter: number): StoredPacket | undefined {
    const packet = this.#packets.get(counter)
    if (!packet) return undefined
    this.#packets.delete(counter)
    if (packet.messageId !== undefined) this.#sent.delete(packet.messageId)
    this.#bytes -= weight(packet)
    return packet
  }
}
