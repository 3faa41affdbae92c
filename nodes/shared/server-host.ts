import type { Node, NodeAPI } from 'node-red'
import { systemClock } from '../../lib/clock.js'
import type { ThreadServerOptions } from '../../lib/thread/thread-server.js'
import type { RunningNode } from './define-node.js'
import { type EmbeddedServer, embeddedServer } from './embedded-server.js'
import { type ExternalServer, externalServer } from './external-server.js'
import { failedServer } from './failed-server.js'
import { flowEvents } from './flow-events.js'
import { KeptServers } from './kept-servers.js'
import { serverAdmin } from './server-admin.js'
import type { HostContext } from './server-base.js'

/** What a configuration asks for. */
export type ServerPlan<Options extends ThreadServerOptions, Endpoint> =
  | { readonly embedded: EmbeddedServer<Options, Endpoint> }
  | { readonly external: ExternalServer<Endpoint> }

/**
 * Makes config nodes `ServerNode`s. Call it once per runtime and type, in the module function: it holds the threads
 * that survive a deploy.
 * @returns starts one node; a `plan` that throws leaves a node that says why to everybody who uses it
 */
export function serverHost<Options extends ThreadServerOptions, Endpoint>(
  RED: NodeAPI
): (node: Node, plan: () => ServerPlan<Options, Endpoint>) => RunningNode {
  const onFlows = flowEvents(RED)
  const context: HostContext = {
    RED,
    clock: systemClock(),
    threads: new KeptServers(onFlows),
    publishers: new KeptServers(onFlows),
    onFlows,
    addToAdmin: serverAdmin(RED)
  }
  return (node, plan) => {
    try {
      const planned = plan()
      return 'embedded' in planned
        ? embeddedServer(context, node, planned.embedded)
        : externalServer(context, node, planned.external)
    } catch (error) {
      return failedServer(context, node, error)
    }
  }
}
