import type { NodeAPI } from 'node-red'
import { asDeliveryError, DeliveryError } from '../../lib/errors.js'

/** Starts or stops a node; returns what the answer says. */
export type SetRunning = (running: boolean) => Readonly<Record<string, unknown>>

/**
 * `POST delivery/<what>/<node id>` with `{ running }`, for the button in the editor and for programs
 * (CONTRACT 6). Call it once per runtime, in the module function.
 * @returns `add`, which makes a node known and returns how to take it out
 */
export function runningRoute(RED: NodeAPI, what: string): { add(id: string, set: SetRunning): () => void } {
  const nodes = new Map<string, SetRunning>()
  RED.httpAdmin.post(
    `/delivery/${what}/:id`,
    RED.auth.needsPermission('delivery.write'),
    (request, response) => {
      const id = String(request.params.id)
      const set = nodes.get(id)
      const running: unknown = request.body?.running
      if (!set) {
        response
          .status(404)
          .json({ error: 'NOT_FOUND', message: `Expected the id of a running node, found ${id}` })
        return
      }
      try {
        if (typeof running !== 'boolean')
          throw new DeliveryError(
            'CONFIG_INVALID',
            `Expected running to be true or false, found ${JSON.stringify(running)}`
          )
        response.json(set(running))
      } catch (error) {
        const { code, message } = asDeliveryError(error, 'CONFIG_INVALID')
        response.status(400).json({ error: code, message })
      }
    }
  )
  return {
    add(id, set) {
      nodes.set(id, set)
      return () => {
        // the successor of a deploy may have come first
        if (nodes.get(id) === set) nodes.delete(id)
      }
    }
  }
}
