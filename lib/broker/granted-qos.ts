import type { Client } from 'aedes'
import { seamsOf } from './aedes-seams.js'
import { topicMatches } from './topic-rules.js'

/**
 * The highest QoS that a client was granted for a topic [MQTT-3.3.5-1]; Aedes lowers a message to it only
 * where the filter is the topic itself. 2 where nothing is known.
 */
export function grantedQos(client: Client, topic: string): number {
  const subscriptions = seamsOf(client).subscriptions
  if (!subscriptions) return 2
  let highest = 0
  for (const filter of Object.keys(subscriptions)) {
    const qos = subscriptions[filter]?.qos ?? 0
    if (qos > highest && topicMatches(filter, topic)) highest = qos
  }
  return highest
}
