import type { Node, NodeAPI } from 'node-red'
import { asDeliveryError, DeliveryError } from '../../lib/errors.js'
import type { HandedUpdate, Update } from '../../lib/update/update.js'
import type { BrokerNode, FeedNode } from '../shared/server-node.js'
import { brokerOf, feedOf } from '../shared/server-reference.js'

export type Server = BrokerNode | FeedNode

/**
 * The servers that an origin hands its updates to: one or both.
 * @throws DeliveryError `CONFIG_MISSING`, `FEED_READ_ONLY`
 */
export function serversOf(RED: NodeAPI, broker: string, feed: string): readonly Server[] {
  if (broker === '' && feed === '')
    throw new DeliveryError('CONFIG_MISSING', 'Expected a push-broker, a poll-feed or both, found none')
  const servers: Server[] = []
  if (broker !== '') servers.push(brokerOf(RED, broker))
  if (feed !== '') {
    const node = feedOf(RED, feed)
    if (node.readOnly)
      throw new DeliveryError(
        'FEED_READ_ONLY',
        `Expected an embedded poll-feed to hand updates to, found the external ${nameOf(node)}`
      )
    servers.push(node)
  }
  return servers
}

const nameOf = (node: Node): string => node.name || `${node.type} ${node.id}`

/** @throws DeliveryError `PAYLOAD_TOO_LARGE` when one of the servers would not take it */
export function checkSize(body: Uint8Array, servers: readonly Server[]): void {
  for (const server of servers)
    if (server.maxBodyBytes !== null && body.length > server.maxBodyBytes)
      throw new DeliveryError(
        'PAYLOAD_TOO_LARGE',
        `Expected an update of at most ${server.maxBodyBytes} bytes for ${nameOf(server)}, found ${body.length}`
      )
}

/**
 * Hands one update to every server, and ends when each has accepted or refused it.
 * @throws DeliveryError the first failure
 */
export async function handOver(
  servers: readonly Server[],
  update: Update,
  handed: HandedUpdate
): Promise<void> {
  const failures: DeliveryError[] = []
  await Promise.all(
    servers.map(async server => {
      try {
        await server.handOver(update, handed)
      } catch (cause) {
        const { code, message } = asDeliveryError(cause, 'HAND_OVER_FAILED')
        failures.push(
          new DeliveryError(code, `${nameOf(server)} did not take ${update.id}: ${message}`, { cause })
        )
      }
    })
  )
  if (failures[0]) throw failures[0]
}
