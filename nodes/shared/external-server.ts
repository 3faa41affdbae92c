import type { Node } from 'node-red'
import { DeliveryError } from '../../lib/errors.js'
import type { HandedUpdate } from '../../lib/update/update.js'
import type { RunningNode } from './define-node.js'
import { type HostContext, serverBase } from './server-base.js'
import type { ServerNode } from './server-node.js'

/** A server somewhere else, by URL. */
export interface ExternalServer<Endpoint> {
  /** To be tried in turn. */
  readonly endpoints: readonly [Endpoint, ...Endpoint[]]
  /** For people: without credentials. */
  readonly urls: readonly string[]
  /** Opens the way for updates of ours, with the first of them; null when it takes none. */
  readonly openPublisher: ((report: (error: DeliveryError) => void) => Publisher) | null
}

/** Publishes to an external server. */
export interface Publisher {
  /** @throws DeliveryError */
  publish(update: HandedUpdate): Promise<void>
  close(): Promise<void>
}

/** Makes `node` a `ServerNode` whose server runs elsewhere: nothing of ours to wait for. */
export function externalServer<Endpoint>(
  context: HostContext,
  node: Node,
  server: ExternalServer<Endpoint>
): RunningNode {
  const base = serverBase(context, node, { kind: 'external' })
  const streams = new Set<string>()
  let publisher: Publisher | null = null

  const api: Omit<ServerNode<Endpoint>, keyof Node> = {
    embedded: false,
    readOnly: server.openPublisher === null,
    maxBodyBytes: null,
    state: () => base.users.state,
    join: user => {
      const leave = base.join(user)
      return () => {
        leave()
      }
    },
    async endpoints(signal) {
      signal.throwIfAborted()
      return server.endpoints
    },
    declare: stream => {
      streams.add(stream)
    },
    claim: base.claim,
    async handOver(update, handed) {
      if (!server.openPublisher)
        throw new DeliveryError(
          'FEED_READ_ONLY',
          'Expected a feed of this Node-RED, found an external one: it can be read only'
        )
      base.users.publish(update)
      publisher ??= server.openPublisher(base.report)
      await publisher.publish(handed)
    },
    server: () => null
  }
  Object.assign(node, api)

  const removeFromAdmin = context.addToAdmin({
    node,
    mode: 'external',
    users: base.users,
    urls: () => server.urls,
    access: () => null,
    streams: () => [...streams],
    totals: () => null,
    limits: () => ({})
  })

  return {
    async close() {
      removeFromAdmin()
      base.close()
      await publisher?.close()
    }
  }
}
