import type { NodeAPI } from 'node-red'
import { DeliveryError } from '../../lib/errors.js'
import type { BrokerNode, FeedNode } from './server-node.js'

/**
 * The `push-broker` that a node names.
 * @throws DeliveryError `CONFIG_MISSING` when there is none, or it is disabled
 */
export const brokerOf = (RED: NodeAPI, id: string): BrokerNode => serverOf<BrokerNode>(RED, id, 'push-broker')

/**
 * The `poll-feed` that a node names.
 * @throws DeliveryError `CONFIG_MISSING` when there is none, or it is disabled
 */
export const feedOf = (RED: NodeAPI, id: string): FeedNode => serverOf<FeedNode>(RED, id, 'poll-feed')

function serverOf<T extends BrokerNode | FeedNode>(RED: NodeAPI, id: string, type: T['type']): T {
  const node = id === '' ? null : (RED.nodes.getNode(id) as T | null)
  if (node?.type === type && 'join' in node) return node
  const found = id === '' ? 'none chosen' : node ? `a ${node.type}` : `no node ${id} (deleted or disabled?)`
  throw new DeliveryError('CONFIG_MISSING', `Expected a ${type} configuration, found ${found}`)
}
