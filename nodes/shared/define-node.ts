import type { Node, NodeAPI, NodeCredentials, NodeDef, NodeMessage } from 'node-red'
import { asDeliveryError, type DeliveryErrorCode } from '../../lib/errors.js'
import { type Fields, readFields, type Values } from './fields.js'

/** A Node-RED message: whatever a flow sends. */
export type Message = NodeMessage & Record<string, unknown>
/** Sends messages: one for the first output, or an array with one entry (or array, or null) an output. */
export type Send = (messages: Message | readonly (Message | readonly Message[] | null)[]) => void

/** A node that has started. Every part is optional. */
export interface RunningNode {
  /** Handles one message; `done` follows its end, `done(error)` its rejection: exactly once. */
  input?(message: Message, send: Send): void | Promise<void>
  /** Ends what was started; awaited. `removed`: the node was deleted or disabled, not redeployed. */
  close?(removed: boolean): void | Promise<void>
}

/** What `defineNode` is told about a type, once per runtime. */
export interface NodeDefinition<F extends Fields> {
  readonly fields: F
  readonly credentials?: NodeCredentials<Record<string, unknown>>
  /** Custom settings of settings.js, exported to the editor. */
  readonly settings?: Readonly<Record<string, { readonly value: unknown; readonly exportable: true }>>
  /** Starts one instance; what it throws becomes a red status and an error, never an exception in Node-RED. */
  start(node: Node, values: Values<F>, config: NodeDef & Record<string, unknown>): RunningNode
}

/**
 * Registers a node type. It makes three usual mistakes impossible: a constructor that throws,
 * a `close` that is not awaited, a `done` that is called twice or never.
 * @param setup - runs once per runtime: state that survives deploys and admin routes live in it
 */
export function defineNode<F extends Fields>(
  type: string,
  setup: (RED: NodeAPI) => NodeDefinition<F>
): (RED: NodeAPI) => void {
  return RED => {
    const definition = setup(RED)
    function construct(this: Node, config: NodeDef & Record<string, unknown>): void {
      RED.nodes.createNode(this, config)
      let running: RunningNode
      try {
        running = definition.start(this, readFields(definition.fields, config), config)
      } catch (error) {
        running = failed(this, error)
      }
      const input = running.input?.bind(running)
      if (input)
        this.on('input', (message, send, done) => {
          new Promise<void>(resolve => resolve(input(message as Message, send as Send))).then(
            () => done(),
            (error: unknown) => done(asDeliveryError(error, 'CONFIG_INVALID'))
          )
        })
      this.on('close', (removed: boolean, done: () => void) => {
        new Promise<void>(resolve => resolve(running.close?.(removed))).then(done, (error: unknown) => {
          this.error(error)
          done()
        })
      })
    }
    RED.nodes.registerType(type, construct, {
      ...(definition.credentials ? { credentials: definition.credentials } : {}),
      ...(definition.settings ? { settings: definition.settings as never } : {})
    })
  }
}

/** A node that could not start: it says why in its status and at Catch, and answers every message with that error. */
function failed(node: Node, cause: unknown): RunningNode {
  const error = asDeliveryError(cause, 'CONFIG_INVALID')
  node.status({ fill: 'red', shape: 'ring', text: statusText(error.code) })
  // Catch nodes exist only once the flow has started; the message makes them see it
  const report = setImmediate(() => node.error(error, { topic: node.name ?? '' } as NodeMessage))
  return {
    input: () => Promise.reject(error),
    close: () => clearImmediate(report)
  }
}

/** A code as a status text: at most 20 characters. */
export const statusText = (code: DeliveryErrorCode): string =>
  code.toLowerCase().replaceAll('_', ' ').slice(0, 20)
