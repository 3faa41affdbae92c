import type { Bytes } from '../units.js'
import { type StoredPacket, weight } from './stored-packet.js'
import { topicMatches } from './topic-rules.js'

export interface RetainedLimits {
  readonly retainedMessages: number
  readonly retainedBytes: Bytes
}

/** The retained message of each topic, bounded in number and bytes. */
export class RetainedMessages {
  readonly #limits: RetainedLimits
  readonly #packets = new Map<string, StoredPacket>()
  #bytes: Bytes = 0

  constructor(limits: RetainedLimits) {
    this.#limits = limits
  }

  get size(): number {
    return this.#packets.size
  }

  get bytes(): Bytes {
    return this.#bytes
  }

  /**
   * Keeps the last message of its topic; an empty payload forgets it [MQTT-3.3.1-10].
   * @param always - keep it whatever the limits say: a topic of ours
   * @returns the limit that refused it, or null; the topic's former message is gone then, for it is no longer the last
   */
  store(packet: StoredPacket, always: boolean): keyof RetainedLimits | null {
    const former = this.#packets.get(packet.topic)
    if (former) {
      this.#packets.delete(packet.topic)
      this.#bytes -= weight(former)
    }
    if (packet.payload.length === 0) return null
    if (!always && this.#packets.size >= this.#limits.retainedMessages) return 'retainedMessages'
    if (!always && this.#bytes + weight(packet) > this.#limits.retainedBytes) return 'retainedBytes'
    this.#packets.set(packet.topic, packet)
    this.#bytes += weight(packet)
    return null
  }

  /** The retained messages whose topics match `filter`. */
  *matching(filter: string): Generator<StoredPacket> {
    if (!/[+#]/.test(filter)) {
      const packet = this.#packets.get(filter)
      if (packet) yield packet
      return
    }
    for (const [topic, packet] of this.#packets) if (topicMatches(filter, topic)) yield packet
  }
}
