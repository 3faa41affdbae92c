import type { NodeAPI } from 'node-red'
import { DeliveryError } from '../../lib/errors.js'
import type { BrokerNode, FeedNode } from './server-node.js'

/** The config nodes that other nodes work with. */
export interface ServerTypes {
  'push-broker': BrokerNode
  'poll-feed': FeedNode
}

/**
 * The config node that a property names.
 * @throws DeliveryError `CONFIG_MISSING` when none is chosen, it does not exist, is disabled, or is of another type
 */
export function requireNode<T extends keyof ServerTypes>(RED: NodeAPI, id: string, type: T): ServerTypes[T] {
  if (id === '') throw new DeliveryError('CONFIG_MISSING', `Expected a ${type} node to be chosen, found none`)
  const node = RED.nodes.getNode(id)
  if (!node)
    throw new DeliveryError('CONFIG_MISSING', `Expected a deployed ${type} node, found none with id ${id}`)
  if (node.type !== type)
    throw new DeliveryError('CONFIG_MISSING', `Expected a ${type} node, found ${node.type} ${id}`)
  return node as ServerTypes[T]
}
