import { once } from 'node:events'
import { createRequire } from 'node:module'
import type { Node, NodeAPI, NodeStatus } from 'node-red'
import helper from 'node-red-node-test-helper'
import type { Delivery } from '../../../lib/update/delivery.js'
import type { Exchange, SourceReport } from '../../../lib/update/exchange.js'
import deliveryOrigin from '../../../nodes/delivery-origin/delivery-origin.js'
import pushBroker from '../../../nodes/push-broker/push-broker.js'
import pushSource from '../../../nodes/push-source/push-source.js'
import type { Message } from '../../../nodes/shared/define-node.js'

const require = createRequire(import.meta.url)
helper.init(require.resolve('node-red'))
const catchNode: (RED: NodeAPI) => void = require('@node-red/nodes/core/common/25-catch.js')

export type Flow = readonly Readonly<Record<string, unknown>>[]
export type Received = Message & {
  delivery: Delivery & Partial<SourceReport>
  exchange: Exchange
  error: { message: string; source: { id: string } }
}

/** What a Node-RED in this process was seen to do. */
export class SourceHarness {
  /** By the id of the `helper` node that got them. */
  readonly messages = new Map<string, Received[]>()
  readonly statuses = new Map<string, NodeStatus[]>()
  readonly #asking = new Set<() => void>()
  readonly #onStatus = ({ id, status }: { id: string; status: NodeStatus }) => {
    this.statuses.set(id, [...this.#of(this.statuses, id), status])
    this.#ask()
  }

  async load(flow: Flow, credentials: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {}) {
    helper._events.on('node-status', this.#onStatus)
    await helper.load([catchNode, pushBroker, pushSource, deliveryOrigin], flow, credentials)
    this.#listen(flow)
  }

  /** Resolves when the flows have started. */
  async deploy(flow: Flow, type: 'full' | 'flows' | 'nodes' = 'full') {
    const started = once(helper._events, 'flows:started')
    await helper.setFlows(flow, type).catch(() => undefined)
    await started
    this.#listen(flow)
  }

  async unload() {
    await this.deploy([])
    helper._events.off('node-status', this.#onStatus)
    await helper.unload()
    this.messages.clear()
    this.statuses.clear()
  }

  node<T = Node>(id: string): T {
    return helper.getNode<T>(id)
  }

  got(id: string): Received[] {
    return this.#of(this.messages, id)
  }

  status(id: string): string {
    return this.statuses.get(id)?.at(-1)?.text ?? ''
  }

  /** Resolves when `test` holds; asked after every message and every status. */
  until(test: () => boolean): Promise<void> {
    return new Promise(resolve => {
      const ask = () => {
        if (!test()) return
        this.#asking.delete(ask)
        resolve()
      }
      this.#asking.add(ask)
      ask()
    })
  }

  /** Everything that Node-RED logged at error or warn level. */
  logged(): { level: number; msg: unknown }[] {
    return helper
      .log()
      .args.map(([entry]) => entry as { level: number; msg: unknown })
      .filter(({ level }) => level <= 30)
  }

  #of<T>(map: Map<string, T[]>, id: string): T[] {
    const list = map.get(id) ?? []
    map.set(id, list)
    return list
  }

  #ask() {
    for (const ask of this.#asking) ask()
  }

  #listen(flow: Flow) {
    for (const { id, type } of flow) {
      const node = type === 'helper' ? helper.getNode<Node | null>(String(id)) : null
      if (!node || node.listenerCount('input') > 1) continue
      node.on('input', message => {
        this.#of(this.messages, String(id)).push(message as Received)
        this.#ask()
      })
    }
  }
}
