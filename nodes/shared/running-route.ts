import type { NodeAPI } from 'node-red'
import { asDeliveryError, DeliveryError } from '../../lib/errors.js'

/** Starts or stops a node; returns what the answer says. */
export type SetRunning = (running: boolean) => Readonly<Record<string, unknown>>

/** Whether a node runs, as the answers say it. */
export type RunningState = () => Readonly<Record<string, unknown>>

/** What else a node can be asked for, by the property that asks when it is true: `{ poll: true }`. */
export type Asks = Readonly<Record<string, () => void>>

interface Known {
  readonly set: SetRunning
  readonly state: RunningState
  readonly asks: Asks
}

/**
 * `GET` and `POST delivery/<what>/<node id>`, the latter with `{ running }` or with what the node can be asked for, for the
 * button in the editor and for programs (CONTRACT 6). Call it once per runtime, in the module function.
 * @returns `add`, which makes a node known and returns how to take it out
 */
export function runningRoute(
  RED: NodeAPI,
  what: string
): { add(id: string, set: SetRunning, state: RunningState, asks?: Asks): () => void } {
  const nodes = new Map<string, Known>()
  const unknown = (id: string) => ({
    error: 'NOT_FOUND',
    message: `Expected the id of a running node, found ${id}`
  })
  RED.httpAdmin.get(
    `/delivery/${what}/:id`,
    RED.auth.needsPermission('delivery.read'),
    (request, response) => {
      const id = String(request.params.id)
      const node = nodes.get(id)
      if (node) response.set('Cache-Control', 'no-store').json(node.state())
      else response.status(404).json(unknown(id))
    }
  )
  RED.httpAdmin.post(
    `/delivery/${what}/:id`,
    RED.auth.needsPermission('delivery.write'),
    (request, response) => {
      const id = String(request.params.id)
      const node = nodes.get(id)
      if (!node) {
        response.status(404).json(unknown(id))
        return
      }
      try {
        response.json(obey(node, request.body ?? {}))
      } catch (error) {
        const { code, message } = asDeliveryError(error, 'CONFIG_INVALID')
        response.status(400).json({ error: code, message })
      }
    }
  )
  return {
    add(id, set, state, asks = {}) {
      const node = { set, state, asks }
      nodes.set(id, node)
      return () => {
        // the successor of a deploy may have come first
        if (nodes.get(id) === node) nodes.delete(id)
      }
    }
  }
}

/** @throws DeliveryError `CONFIG_INVALID`; nothing has been done then */
function obey(
  { set, asks }: Known,
  body: Readonly<Record<string, unknown>>
): Readonly<Record<string, unknown>> {
  const asked = Object.keys(asks).filter(ask => body[ask] === true)
  const { running } = body
  if (running === undefined ? asked.length === 0 : typeof running !== 'boolean')
    throw new DeliveryError(
      'CONFIG_INVALID',
      `Expected running to be true or false, found ${JSON.stringify(running)}`
    )
  const answer = typeof running === 'boolean' ? set(running) : {}
  for (const ask of asked) asks[ask]?.()
  return { ...answer, ...Object.fromEntries(asked.map(ask => [ask, true])) }
}
