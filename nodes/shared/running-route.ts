import type { NodeAPI } from 'node-red'
import { asDeliveryError, DeliveryError } from '../../lib/errors.js'

/** Starts or stops a node; returns what the answer says. */
export type SetRunning = (running: boolean) => Readonly<Record<string, unknown>>

/** Whether a node runs, as the answers say it. */
export type RunningState = () => Readonly<Record<string, unknown>>

/**
 * `GET` and `POST delivery/<what>/<node id>`, the latter with `{ running }`, for the button in the editor and for programs
 * (CONTRACT 6). Call it once per runtime, in the module function.
 * @returns `add`, which makes a node known and returns how to take it out
 */
export function runningRoute(
  RED: NodeAPI,
  what: string
): { add(id: string, set: SetRunning, state: RunningState): () => void } {
  const nodes = new Map<string, { readonly set: SetRunning; readonly state: RunningState }>()
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
      const running: unknown = request.body?.running
      if (!node) {
        response.status(404).json(unknown(id))
        return
      }
      try {
        if (typeof running !== 'boolean')
          throw new DeliveryError(
            'CONFIG_INVALID',
            `Expected running to be true or false, found ${JSON.stringify(running)}`
          )
        response.json(node.set(running))
      } catch (error) {
        const { code, message } = asDeliveryError(error, 'CONFIG_INVALID')
        response.status(400).json({ error: code, message })
      }
    }
  )
  return {
    add(id, set, state) {
      const node = { set, state }
      nodes.set(id, node)
      return () => {
        // the successor of a deploy may have come first
        if (nodes.get(id) === node) nodes.delete(id)
      }
    }
  }
}
