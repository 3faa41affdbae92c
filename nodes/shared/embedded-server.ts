import type { Node } from 'node-red'
import { asDeliveryError, DeliveryError } from '../../lib/errors.js'
import { startServerThread } from '../../lib/thread/server-thread.js'
import type { ThreadState } from '../../lib/thread/server-thread-options.js'
import type { ListenAddress, ServerNotice, ThreadServerOptions } from '../../lib/thread/thread-server.js'
import type { RunningNode } from './define-node.js'
import type { HostedThread, Left } from './kept-servers.js'
import type { ServerAccess } from './server-admin.js'
import { type HostContext, serverBase } from './server-base.js'
import type { ServerNode } from './server-node.js'

/** A server of our own, in a thread of this process. */
export interface EmbeddedServer<Options extends ThreadServerOptions, Endpoint> {
  /** The worker's file. */
  readonly file: URL
  /** Its whole effective configuration. */
  readonly options: Options
  /** Listen even when no node uses it. */
  readonly alwaysOn: boolean
  readonly maxBodyBytes: number | null
  /**
   * Whether it may listen, and who will reach it.
   * @throws DeliveryError when it must not
   */
  permit(): Promise<ServerAccess>
  /** How clients of this process reach it. */
  endpoint(address: ListenAddress): Endpoint
  /** For people. */
  urls(address: ListenAddress): readonly string[]
}

/** Updates that wait until there is a thread: it has a queue of its own, as long. */
const MOST_WAITING = 10_000

/** Makes `node` a `ServerNode` whose server runs in a thread that survives deploys. */
export function embeddedServer<Options extends ThreadServerOptions, Endpoint>(
  context: HostContext,
  node: Node,
  server: EmbeddedServer<Options, Endpoint>
): RunningNode {
  const { threads, clock, onFlows } = context
  const base = serverBase(context, node, { kind: 'idle' })
  const { users, report } = base
  const key = JSON.stringify(server.options)
  const streams = new Set<string>()
  let access: ServerAccess | null = null
  let hosted: HostedThread | null = null
  let starting: Promise<HostedThread> | null = null
  /** Constructors run between `flows:starting` and `flows:started`: then not every stream is declared yet. */
  let deploying = true
  let closed = false
  let waiting = 0

  const needed = () => !closed && (server.alwaysOn || users.size > 0)

  const owner = {
    onState(state: ThreadState) {
      if (state.kind === 'closed') {
        users.show({ kind: 'idle' })
        return
      }
      users.show(state)
      if (state.kind === 'listening') base.forgetErrors()
      if (state.kind === 'retrying' || state.kind === 'failed') report(state.error)
    },
    onNotice: ({ code, message }: ServerNotice) => report(new DeliveryError(code, message))
  }

  /** On the port and with the last updates of the one before. */
  function spawn(left: Left | null): HostedThread {
    const thread = startServerThread<Options>({
      file: server.file,
      server: { ...server.options, last: left?.last ?? [] },
      had: left?.address ?? null,
      clock,
      random: Math.random,
      onState: state => own.owner?.onState(state),
      onNotice: notice => own.owner?.onNotice(notice)
    })
    const own: HostedThread = {
      key,
      thread,
      owner: null,
      get adoptable() {
        return thread.state.kind !== 'failed'
      },
      get address() {
        return thread.address
      },
      get last() {
        return thread.last
      },
      close: () => thread.close()
    }
    return own
  }

  async function listen({ thread: own }: HostedThread): Promise<void> {
    // its users may have moved here from another node with the same port, which is still open for a successor
    await threads.free(server.options.port, server.options.wsPort)
    own.listen()
  }

  async function start(): Promise<HostedThread> {
    access = await server.permit()
    const found = await threads.adopt(node.id, key)
    const own = found.server ?? spawn(found.left)
    hosted = own
    own.owner = owner
    for (const stream of streams) own.thread.declare(stream)
    owner.onState(own.thread.state)
    if (!deploying) await listen(own)
    if (!needed()) leaveThread()
    return own
  }

  /** The thread, started when there is none. */
  function thread(): Promise<HostedThread> {
    if (starting) return starting
    if (closed)
      return Promise.reject(
        new DeliveryError('SERVER_CLOSED', 'Expected a running server, found a closed one')
      )
    users.show({ kind: 'starting' })
    starting = start()
    starting.catch((cause: unknown) => {
      const error = asDeliveryError(cause, 'LISTEN_FAILED')
      users.show({ kind: 'failed', error })
      report(error)
    })
    return starting
  }

  /** Leaves it to whoever comes next: the first user, or the successor of a deploy. */
  function leaveThread(): void {
    if (!hosted) return
    threads.release(node.id, hosted)
    hosted = null
    starting = null
  }

  const cancelStarting = onFlows('flows:starting', () => {
    deploying = true
  })
  const cancelStarted = onFlows('flows:started', () => {
    deploying = false
    if (hosted) void listen(hosted)
    else if (needed()) void thread()
  })

  /** Made once for each address: a client that asks before every request finds that nothing has changed. */
  let reached: { readonly address: ListenAddress; readonly endpoints: readonly [Endpoint] } | null = null
  const api: Omit<ServerNode<Endpoint>, keyof Node> = {
    embedded: true,
    readOnly: false,
    maxBodyBytes: server.maxBodyBytes,
    state: () => users.state,
    join(user) {
      // its errors are shown and reported there
      if (!closed) void thread()
      const leave = base.join(user)
      return () => {
        if (leave() && !needed() && !closed) leaveThread()
      }
    },
    endpoints: signal =>
      users.when((state): readonly [Endpoint] | null => {
        if (state.kind === 'failed') throw state.error
        if (state.kind !== 'listening') return null
        if (reached?.address !== state.address)
          reached = { address: state.address, endpoints: [server.endpoint(state.address)] }
        return reached.endpoints
      }, signal),
    declare(stream) {
      streams.add(stream)
      hosted?.thread.declare(stream)
    },
    claim: base.claim,
    async handOver(update, handed) {
      users.publish(update)
      if (waiting >= MOST_WAITING)
        throw new DeliveryError('QUEUE_FULL', `Expected at most ${MOST_WAITING} updates to wait, found more`)
      waiting += 1
      // always by the promise, also when there is a thread: whoever came first stays first
      const { thread: own } = await thread().finally(() => {
        waiting -= 1
      })
      await own.accept(handed)
    },
    async takeAway(signal) {
      await users.when(state => {
        if ('error' in state) throw state.error
        return state.kind === 'listening' || null
      }, signal)
      if (!hosted) throw new DeliveryError('SERVER_CLOSED', 'Expected a running server, found a closed one')
      const { thread: own } = hosted
      await own.goAway()
      return () => own.comeBack()
    },
    server() {
      const totals = hosted?.thread.totals()
      return totals ? { ...totals, id: node.id } : null
    }
  }
  Object.assign(node, api)

  const removeFromAdmin = context.addToAdmin({
    node,
    mode: 'embedded',
    users,
    urls: () => (users.state.kind === 'listening' ? server.urls(users.state.address) : []),
    access: () => access,
    streams: () => [...streams],
    totals: api.server,
    limits: () => hosted?.thread.limits() ?? {}
  })

  return {
    async close(removed) {
      closed = true
      removeFromAdmin()
      cancelStarting()
      cancelStarted()
      base.close()
      await starting?.catch(() => undefined)
      if (hosted) {
        hosted.owner = null
        // its successor, if there is one, begins within reach
        void hosted.thread.comeBack()
      }
      leaveThread()
      if (removed) await threads.forget(node.id)
    }
  }
}
