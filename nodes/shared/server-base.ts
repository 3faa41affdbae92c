import type { Node, NodeAPI, NodeMessage } from 'node-red'
import type { Clock } from '../../lib/clock.js'
import type { DeliveryError, DeliveryErrorCode } from '../../lib/errors.js'
import type { OnFlowEvent } from './flow-events.js'
import type { HostedPublisher, HostedThread, KeptServers } from './kept-servers.js'
import type { DescribedServer } from './server-admin.js'
import type { ServerState, ServerUser } from './server-node.js'
import { ServerUsers } from './server-users.js'
import { StreamClaims } from './stream-claims.js'

/** What the servers of one type share in one runtime. */
export interface HostContext {
  readonly RED: NodeAPI
  readonly clock: Clock
  /** Of embedded servers. */
  readonly threads: KeptServers<HostedThread>
  /** To external servers. */
  readonly publishers: KeptServers<HostedPublisher>
  readonly onFlows: OnFlowEvent
  /** Makes a server known to `GET delivery/server/<id>`; returns how to take it out. */
  addToAdmin(server: DescribedServer): () => void
}

/** The same error code is told at most this often. */
const REPEAT_AFTER_MS = 60_000

/** What every kind of server has: users, claims, errors that reach the Catch nodes of its users' tabs. */
export function serverBase({ RED, clock, onFlows }: HostContext, node: Node, first: ServerState) {
  const users = new ServerUsers(first)
  const claims = new StreamClaims(RED)
  const reportedAt = new Map<DeliveryErrorCode, number>()
  // Catch nodes exist once the flows have started
  let early: DeliveryError[] | null = []

  const report = (error: DeliveryError): void => {
    if (early) {
      early.push(error)
      return
    }
    const now = clock.now()
    if (now - (reportedAt.get(error.code) ?? Number.NEGATIVE_INFINITY) < REPEAT_AFTER_MS) return
    reportedAt.set(error.code, now)
    // without a message, Catch nodes never see it
    node.error(error, { topic: node.name || node.type } as NodeMessage)
  }
  const cancel = onFlows('flows:started', () => {
    const waited = early ?? []
    early = null
    for (const error of waited) report(error)
  })
  // Node-RED routes what a config node reports by this property
  const tellNodeRed = () => Object.assign(node, { users: users.byId })
  tellNodeRed()

  return {
    users,
    claim: (stream: string, origin: Node) => claims.claim(stream, origin),
    report,
    /** Told errors are news again. */
    forgetErrors: () => reportedAt.clear(),
    /** Returns how to leave; that says whether the user was still there. */
    join(user: ServerUser): () => boolean {
      users.add(user)
      tellNodeRed()
      return () => {
        const left = users.delete(user)
        tellNodeRed()
        return left
      }
    },
    close: cancel
  }
}
