import type { Aedes, AedesOptions, Client } from 'aedes'
import type { Tally } from './tally.js'
import { isRefusedFilter, isSharedFilter } from './topic-rules.js'

/** What clients may subscribe to: Aedes' `authorizeSubscribe`. A refused filter is answered 0x80 [MQTT-3.9.3-2]. */
export function subscribeRules(
  broker: Aedes,
  tally: Tally,
  maxSubscriptions: number
): NonNullable<AedesOptions['authorizeSubscribe']> {
  const granted = new WeakMap<Client, Set<string>>()
  broker.on('unsubscribe', (filters, client) => {
    for (const filter of filters) granted.get(client)?.delete(filter)
  })
  return (client, subscription, callback) => {
    const { topic } = subscription
    const filters = granted.get(client) ?? new Set()
    granted.set(client, filters)
    if (isRefusedFilter(topic)) {
      tally.add(isSharedFilter(topic) ? 'sharedSubscription' : 'malformed')
      callback(null, null)
    } else if (!filters.has(topic) && filters.size >= maxSubscriptions) {
      tally.add('clientSubscriptions')
      callback(null, null)
    } else {
      filters.add(topic)
      callback(null, subscription)
    }
  }
}
