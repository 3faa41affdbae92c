import { once } from 'node:events'
import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import type { Node, NodeAPI } from 'node-red'
import helper from 'node-red-node-test-helper'
import { systemClock } from '../../../lib/clock.js'
import { encodeUpdate } from '../../../lib/update/cloudevents.js'
import { newEpoch, updateId } from '../../../lib/update/identity.js'
import type { HandedUpdate, Update } from '../../../lib/update/update.js'
import { defineNode } from '../../../nodes/shared/define-node.js'
import { text } from '../../../nodes/shared/fields.js'
import type { FeedEndpoint, ServerNode, ServerState } from '../../../nodes/shared/server-node.js'
import { brokerOf, feedOf } from '../../../nodes/shared/server-reference.js'

const require = createRequire(import.meta.url)
helper.init(require.resolve('node-red'))

export type Flow = readonly Readonly<Record<string, unknown>>[]
type Credentials = Readonly<Record<string, Readonly<Record<string, unknown>>>>
type Started = (RED: NodeAPI) => void

/** A node of a flow that uses a server as an origin does. */
export interface UserNode extends Node {
  readonly states: readonly ServerState[]
  readonly seen: readonly Update[]
  readonly claimError: unknown
  /** Hands the next update of its stream over. */
  handOver(payload: unknown): Promise<Update>
}

const userFields = { server: text(''), stream: text('') }

/** Node type `test-user`: `server` (either type), `stream`. */
const testUser: Started = defineNode('test-user', (RED: NodeAPI) => ({
  fields: userFields,
  start(node, { server: id, stream }) {
    const type = RED.nodes.getNode(id)?.type
    const server: ServerNode<unknown> = type === 'push-broker' ? brokerOf(RED, id) : feedOf(RED, id)
    const states: ServerState[] = []
    const seen: Update[] = []
    const epoch = newEpoch(systemClock().now(), Math.random)
    let sequence = 0
    let release = () => {}
    let claimError: unknown = null
    if (stream !== '')
      try {
        release = server.claim(stream, node)
        server.declare(stream)
      } catch (error) {
        claimError = error
      }
    const leave = server.join({
      node,
      onState: state => states.push(state),
      onUpdate: update => seen.push(update)
    })
    Object.assign(node, {
      states,
      seen,
      claimError,
      async handOver(payload: unknown) {
        sequence += 1
        const update: Update = {
          stream,
          origin: node.id,
          id: updateId(epoch, sequence),
          epoch,
          sequence,
          generatedAt: 1_700_000_000_000,
          dueAt: null,
          speed: null
        }
        const body = encodeUpdate(update, payload, null)
        const handed: HandedUpdate = { ...update, body, qos: 0, retain: true }
        await server.handOver(update, handed)
        return update
      }
    })
    return {
      close() {
        release()
        leave()
      }
    }
  }
}))

/** Node type `test-slow`: takes 2.5 s to close when it is told to. */
const testSlow: Started = defineNode('test-slow', (_RED: NodeAPI) => ({
  fields: {},
  start: node => ({
    close: () => ('slow' in node ? new Promise<void>(resolve => setTimeout(resolve, 2500)) : undefined)
  })
}))

/** A Node-RED in this process with the given server types, and what tests watch in it. */
export class ServerHarness {
  readonly #types: readonly Started[]
  readonly #workers: Worker[] = []
  /** The streams that each thread knew when it was told to listen. */
  readonly listens: (readonly string[])[] = []
  /** How much later than they should threads learn that they are to close. */
  closeLateMs = 0
  readonly #remember = (worker: Worker) => this.#workers.push(worker)
  readonly #post = Worker.prototype.postMessage

  constructor(...types: readonly Started[]) {
    this.#types = types
  }

  /** Call it in `before`. */
  open(): void {
    process.on('worker', this.#remember)
    const harness = this
    Worker.prototype.postMessage = function (message: { kind: string; options?: { streams: string[] } }) {
      if (message.kind === 'listen') harness.listens.push(message.options?.streams ?? [])
      if (message.kind === 'close' && harness.closeLateMs > 0)
        setTimeout(() => harness.#post.call(this, message), harness.closeLateMs)
      else harness.#post.call(this, message)
    }
  }

  /** Call it in `after`. */
  close(): void {
    process.off('worker', this.#remember)
    Worker.prototype.postMessage = this.#post
  }

  /** Threads that have not ended. */
  get threads(): readonly Worker[] {
    return this.#workers.filter(({ threadId }) => threadId !== -1)
  }

  /** What this process holds on to: a leak makes it grow. */
  get held(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = { listeners: 0 }
    for (const type of process.getActiveResourcesInfo()) counts[type] = (counts[type] ?? 0) + 1
    for (const name of helper._events.eventNames())
      counts.listeners = (counts.listeners ?? 0) + helper._events.listenerCount(name)
    return counts
  }

  /** Starts the flows; resolves when they have started. */
  async load(
    flow: Flow,
    credentials: Credentials = {},
    settings: Record<string, unknown> = {}
  ): Promise<void> {
    helper.settings(settings)
    const tls: Started = require('@node-red/nodes/core/network/05-tls.js')
    await helper.load([tls, ...this.#types, testUser, testSlow], flow, credentials)
  }

  /** Deploys; resolves when the flows have started. */
  async deploy(
    flow: Flow,
    type: 'full' | 'flows' | 'nodes' = 'full',
    credentials: Credentials = {}
  ): Promise<void> {
    const started = once(helper._events, 'flows:started')
    // the helper itself waits 300 ms only
    await helper.setFlows(flow, type, credentials).catch(() => undefined)
    await started
  }

  /** Removes every node, stops, and waits until every thread has ended. */
  async unload(): Promise<void> {
    await this.deploy([])
    await helper.unload()
    await Promise.all(this.threads.map(worker => once(worker, 'exit')))
    this.#workers.length = 0
    this.listens.length = 0
  }

  user(id: string): UserNode {
    return helper.getNode<UserNode>(id)
  }

  server(id: string): ServerNode<FeedEndpoint> {
    return helper.getNode<ServerNode<FeedEndpoint>>(id)
  }

  /** Resolves when the server is in this state. */
  async reach<K extends ServerState['kind']>(
    id: string,
    kind: K
  ): Promise<Extract<ServerState, { kind: K }>> {
    for (;;) {
      const state = this.server(id).state()
      if (state.kind === kind) return state as Extract<ServerState, { kind: K }>
      // joining would make it listen: so it is looked at
      await new Promise(resolve => setTimeout(resolve, 5))
    }
  }

  /** The next message that a node of type `helper` gets. */
  received(id: string): Promise<Record<string, unknown>> {
    return new Promise(resolve => helper.getNode(id).once('input', message => resolve(message as never)))
  }

  async describe(id: string): Promise<Record<string, unknown>> {
    const { body } = await helper.request().get(`/delivery/server/${id}`).expect(200)
    return body as Record<string, unknown>
  }
}
