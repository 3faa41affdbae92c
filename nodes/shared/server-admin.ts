import type { Node, NodeAPI } from 'node-red'
import type { ServerTotals } from '../../lib/update/exchange.js'
import { placeOf } from './node-place.js'
import type { ServerUsers } from './server-users.js'

/** A config node, as `GET delivery/server/<id>` asks it. */
export interface DescribedServer {
  readonly node: Node
  readonly mode: 'embedded' | 'external'
  readonly users: ServerUsers
  /** Where it is reached now; none while it does not listen. */
  urls(): readonly string[]
  /** Who can reach it; null when nobody does, or somebody else knows. */
  access(): ServerAccess | null
  streams(): readonly string[]
  totals(): ServerTotals | null
  /** Each limit that bit, by name, and how often. */
  limits(): Readonly<Record<string, number>>
}

/** Who can reach an embedded server. */
export interface ServerAccess {
  /** This machine alone. */
  readonly loopback: boolean
  readonly credentials: boolean
  readonly anonymous: boolean
  readonly tls: boolean
}

/** One list for both server types: each runtime has one admin app, and they share one route on it. */
const listsByApp = new WeakMap<object, Map<string, DescribedServer>>()

/**
 * `GET delivery/server/<config id>` (CONTRACT 6).
 * @returns how to make a server known there; that returns how to take it out
 */
export function serverAdmin(RED: NodeAPI): (server: DescribedServer) => () => void {
  const known = listsByApp.get(RED.httpAdmin)
  const servers = known ?? new Map<string, DescribedServer>()
  if (!known) {
    listsByApp.set(RED.httpAdmin, servers)
    RED.httpAdmin.get(
      '/delivery/server/:id',
      RED.auth.needsPermission('delivery.read'),
      (request, response) => {
        const server = servers.get(String(request.params.id))
        response.set('Cache-Control', 'no-store')
        if (server) response.json(describe(RED, server))
        else
          response.status(404).json({
            error: 'NOT_FOUND',
            message: `Expected the id of a push-broker or poll-feed that runs, found ${request.params.id}`
          })
      }
    )
  }
  return server => {
    const { id } = server.node
    servers.set(id, server)
    return () => {
      // the successor of a deploy may have come first
      if (servers.get(id) === server) servers.delete(id)
    }
  }
}

function describe(RED: NodeAPI, server: DescribedServer): Record<string, unknown> {
  const { node, users } = server
  const { state } = users
  const error = 'error' in state ? { code: state.error.code, message: state.error.message } : null
  const totals = server.totals()
  return {
    id: node.id,
    type: node.type,
    name: node.name ?? '',
    mode: server.mode,
    state: state.kind,
    error,
    address: 'address' in state ? state.address : null,
    urls: server.urls(),
    access: server.access(),
    users: Object.values(users.byId).map(user => placeOf(RED, user)),
    streams: server.streams(),
    connections: totals?.connections ?? null,
    limits: server.limits(),
    totals
  }
}
