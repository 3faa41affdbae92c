import type { Node } from 'node-red'
import { asDeliveryError } from '../../lib/errors.js'
import type { RunningNode } from './define-node.js'
import { type HostContext, serverBase } from './server-base.js'
import type { ServerNode } from './server-node.js'

/** Makes `node` a `ServerNode` that cannot work as it is configured: its users learn why. */
export function failedServer(context: HostContext, node: Node, cause: unknown): RunningNode {
  const error = asDeliveryError(cause, 'CONFIG_INVALID')
  const base = serverBase(context, node, { kind: 'failed', error })
  base.report(error)

  const api: Omit<ServerNode<never>, keyof Node> = {
    embedded: true,
    readOnly: false,
    maxBodyBytes: null,
    state: () => base.users.state,
    join: user => {
      const leave = base.join(user)
      return () => {
        leave()
      }
    },
    endpoints: () => Promise.reject(error),
    declare: () => undefined,
    claim: base.claim,
    handOver: () => Promise.reject(error),
    takeAway: () => Promise.reject(error),
    server: () => null
  }
  Object.assign(node, api)

  const removeFromAdmin = context.addToAdmin({
    node,
    mode: 'embedded',
    users: base.users,
    urls: () => [],
    access: () => null,
    streams: () => [],
    totals: () => null,
    limits: () => ({})
  })
  return {
    close() {
      removeFromAdmin()
      base.close()
    }
  }
}
