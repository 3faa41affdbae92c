import { HeldPayloads } from './held-payloads.js'
import { SequenceTracker } from './sequence.js'

/** What one subscriber knows about what it was given; outlives its connections, and a deploy when passed on. */
export interface SubscriberMemory {
  readonly sequences: SequenceTracker
  readonly payloads: HeldPayloads
  /** Packet ids of QoS 2 messages that were handed on and not yet released [MQTT-4.3.3-2]. */
  readonly unreleased: Set<number>
  /** The filter that the broker holds for this client's session; null = none known. */
  topicFilter: string | null
}

export const newSubscriberMemory = (): SubscriberMemory => ({
  sequences: new SequenceTracker(),
  payloads: new HeldPayloads(),
  unreleased: new Set(),
  topicFilter: null
})
