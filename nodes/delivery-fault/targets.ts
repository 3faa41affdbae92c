import type { Node, NodeAPI } from 'node-red'
import { DeliveryError } from '../../lib/errors.js'
import type { BrokerNode, FeedNode } from '../shared/server-node.js'
import { brokerOf, feedOf } from '../shared/server-reference.js'

/** A server that a fault takes away. */
export type Target = BrokerNode | FeedNode

/**
 * The embedded servers that a fault takes away: one or both.
 * @throws DeliveryError `CONFIG_MISSING`, `FAULT_EMBEDDED_ONLY`
 */
export function targetsOf(RED: NodeAPI, broker: string, feed: string): readonly Target[] {
  const targets: Target[] = []
  if (broker !== '') targets.push(brokerOf(RED, broker))
  if (feed !== '') targets.push(feedOf(RED, feed))
  if (targets.length === 0)
    throw new DeliveryError('CONFIG_MISSING', 'Expected a push-broker, a poll-feed or both, found none')
  for (const target of targets)
    if (!target.embedded)
      throw new DeliveryError(
        'FAULT_EMBEDDED_ONLY',
        `Expected an embedded server to take away, found the external ${nameOf(target)}`
      )
  return targets
}

export const nameOf = (node: Node): string => node.name || `${node.type} ${node.id}`
