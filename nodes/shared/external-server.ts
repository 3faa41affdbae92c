import type { Node } from 'node-red'
import { DeliveryError } from '../../lib/errors.js'
import type { RunningNode } from './define-node.js'
import type { HostedPublisher, Publisher } from './kept-servers.js'
import { type HostContext, serverBase } from './server-base.js'
import type { ServerNode } from './server-node.js'

/** A server somewhere else, by URL. */
export interface ExternalServer<Endpoint> {
  /** To be tried in turn. */
  readonly endpoints: readonly [Endpoint, ...Endpoint[]]
  /** For people: without credentials. */
  readonly urls: readonly string[]
  /** Opens the way for updates of ours, with the first of them; null when it takes none. */
  readonly openPublisher: OpenPublisher | null
}

/** @param report - what people should read about */
export type OpenPublisher = (report: (error: DeliveryError) => void) => Publisher

/** Makes `node` a `ServerNode` whose server runs elsewhere: nothing of ours to wait for. */
export function externalServer<Endpoint>(
  context: HostContext,
  node: Node,
  server: ExternalServer<Endpoint>
): RunningNode {
  const base = serverBase(context, node, { kind: 'external' })
  const streams = new Set<string>()
  const key = JSON.stringify(server.endpoints)
  /** What the predecessor left, if anything. */
  let adopted: Promise<HostedPublisher | null> | null = null
  let opened: Promise<HostedPublisher> | null = null
  let closed = false

  function adopt(): Promise<HostedPublisher | null> {
    adopted ??= context.publishers.adopt(node.id, key).then(({ server: own }) => {
      if (own) own.report = base.report
      return own
    })
    return adopted
  }

  async function letGo(): Promise<void> {
    const own = opened ?? adopted
    opened = adopted = null
    const hosted = await own
    if (hosted) context.publishers.release(node.id, hosted)
  }

  function host(openPublisher: OpenPublisher): HostedPublisher {
    const publisher = openPublisher(error => hosted.report(error))
    const hosted: HostedPublisher = {
      key,
      adoptable: true,
      address: null,
      last: [],
      publisher,
      report: base.report,
      close: () => publisher.close()
    }
    return hosted
  }

  const api: Omit<ServerNode<Endpoint>, keyof Node> = {
    embedded: false,
    readOnly: server.openPublisher === null,
    maxBodyBytes: null,
    state: () => base.users.state,
    join: user => {
      const leave = base.join(user)
      void adopt()
      return () => {
        if (leave() && base.users.size === 0) void letGo()
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
      if (closed)
        throw new DeliveryError('SERVER_CLOSED', 'Expected a running configuration, found a closed one')
      base.users.publish(update)
      const { openPublisher } = server
      // always by the promise: whoever came first stays first
      opened ??= adopt().then(own => own ?? host(openPublisher))
      const { publisher } = await opened
      await publisher.publish(handed)
    },
    async takeAway() {
      throw new DeliveryError(
        'FAULT_EMBEDDED_ONLY',
        'Expected an embedded server to take away, found an external one'
      )
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
    async close(removed) {
      closed = true
      removeFromAdmin()
      base.close()
      await letGo()
      if (removed) await context.publishers.forget(node.id)
    }
  }
}
