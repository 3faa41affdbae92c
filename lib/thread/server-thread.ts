import { basename } from 'node:path'
import { Worker } from 'node:worker_threads'
import { Backoff } from '../backoff.js'
import type { Cancel, Clock } from '../clock.js'
import { DeliveryError } from '../errors.js'
import type { Ms } from '../units.js'
import type { ServerTotals } from '../update/exchange.js'
import type { HandedUpdate } from '../update/update.js'
import { HandOverQueue } from './hand-over-queue.js'
import { ThreadFigures } from './thread-figures.js'
import type { FromThread, ToThread } from './thread-messages.js'
import type { ListenAddress, ServerNotice, ThreadServerOptions } from './thread-server.js'

/** What a server thread is doing. */
export type ThreadState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'listening'; readonly address: ListenAddress }
  /** Tried again with back-off: the port is in use, the thread died. */
  | { readonly kind: 'retrying'; readonly error: DeliveryError }
  /** Not tried again: another try with the same options would fail alike. */
  | { readonly kind: 'failed'; readonly error: DeliveryError }
  | { readonly kind: 'closed' }

export interface ServerThreadOptions<Options extends ThreadServerOptions> {
  /** The worker's file, which calls `serveInThread`. */
  readonly file: URL
  /** `port`, `streams` and `last` are filled in anew for every start. */
  readonly server: Options
  /** Where its predecessor listened: a free port (0) is first looked for there. */
  readonly had?: ListenAddress | null
  /** Uniform in [0, 1). */
  readonly random: () => number
  readonly clock: Clock
  /** Called on every change, never before `startServerThread` has returned. */
  onState(state: ThreadState): void
  onNotice(notice: ServerNotice): void
}

/** A server in a thread of its own that is started again when it dies, on the port it had. */
export interface ServerThread {
  readonly state: ThreadState
  /** Where it listens or, while it does not, where it did; null before the first time. */
  readonly address: ListenAddress | null
  /** The last accepted update of each stream, for a successor. */
  readonly last: readonly HandedUpdate[]
  /** Lets it listen: the thread boots before that, and waits. Again: nothing. */
  listen(): void
  /** Makes a stream known; before `listen`: before the server listens. */
  declare(stream: string): void
  /**
   * Hands one update over, in call order; while the thread starts it waits (10 000 updates at most). The body is copied.
   * @throws DeliveryError (rejects) `QUEUE_FULL`, `THREAD_DIED`, `SERVER_CLOSED` or the server's own
   */
  accept(update: HandedUpdate): Promise<void>
  /** Sampled every second; carried on over restarts. */
  totals(): ServerTotals
  /** Each limit that bit, by name; carried on over restarts. Its own: `threadDied`, `lostInThread` (updates). */
  limits(): Readonly<Record<string, number>>
  /** Ends server and thread within some seconds; what still waits is rejected (`SERVER_CLOSED`). Idempotent. */
  close(): Promise<void>
}

/** A free port is found again at most this much later. */
const LONGEST_RETRY: Ms = 5000
/** A thread that lived longer than this and died is restarted at once. */
const STABLE: Ms = 5000
/** After so many tries to get back the free port that it had, any free port will do. */
const TRIES_FOR_OLD_PORT = 3
/** A server that does not close in time is terminated. */
const CLOSE_WITHIN: Ms = 3000

/** Errors that another try cannot cure. */
const FINAL = new Set<string>(['TLS_INVALID', 'CONFIG_INVALID', 'CREDENTIALS_REQUIRED'])

/** Starts a thread that serves; it listens once it is told to. */
export function startServerThread<Options extends ThreadServerOptions>({
  file,
  server,
  had = null,
  clock,
  random,
  onState,
  onNotice
}: ServerThreadOptions<Options>): ServerThread {
  const queue = new HandOverQueue(server.last)
  const figures = new ThreadFigures(clock.now())
  const streams = new Set(server.streams)
  const retries = new Backoff({ maxMs: LONGEST_RETRY, random })
  const deaths = new Backoff({ maxMs: LONGEST_RETRY, random })
  let state: ThreadState = { kind: 'starting' }
  let wanted = false
  let address = had
  let listeningSince = 0
  let cancelRetry: Cancel = () => undefined
  let flushing = false
  let closing: Promise<void> | null = null
  let worker: Worker | null = boot()

  function change(next: ThreadState): void {
    state = next
    onState(next)
  }

  function say(message: ToThread<Options>): void {
    worker?.postMessage(message)
  }

  function boot(): Worker {
    const born = new Worker(file, { name: basename(file.pathname, '.js') })
    let cause: unknown
    born.on('error', error => {
      cause = error
    })
    born.on('message', (message: FromThread) => {
      if (born === worker) heard(message, born)
    })
    born.on('exit', () => {
      if (born === worker && !closing) died(cause)
    })
    return born
  }

  function askToListen(): void {
    // a port of its own choice is kept over restarts, unless somebody else has it by now
    const kept = retries.attempts < TRIES_FOR_OLD_PORT ? address : null
    const port = server.port || (kept?.port ?? 0)
    const wsPort = server.wsPort === 0 ? (kept?.wsPort ?? 0) : (server.wsPort ?? null)
    say({ kind: 'listen', options: { ...server, port, wsPort, streams: [...streams], last: queue.last } })
  }

  function heard(message: FromThread, from: Worker): void {
    if (message.kind === 'settled') queue.settle(message.ranges, message.failures)
    else if (message.kind === 'sample') {
      const busyMs = from.performance.eventLoopUtilization().active
      figures.record({ at: clock.now(), busyMs, cpuMs: message.cpuMs, counters: message.counters })
    } else if (message.kind === 'notice') onNotice(message.notice)
    else if (message.kind === 'listening' && !closing) {
      address = message.address
      listeningSince = clock.now()
      retries.reset()
      change({ kind: 'listening', address })
      flush()
    } else if (message.kind === 'listen-failed' && !closing)
      notListening(new DeliveryError(message.error.code, message.error.message), from)
  }

  function notListening(error: DeliveryError, from: Worker): void {
    if (!FINAL.has(error.code)) {
      cancelRetry = clock.at(clock.now() + retries.next(), askToListen)
      change({ kind: 'retrying', error })
      return
    }
    worker = null
    void from.terminate()
    queue.rejectAll(error)
    change({ kind: 'failed', error })
  }

  function died(cause: unknown): void {
    const found = cause instanceof Error ? cause.message : 'it ended'
    const error = new DeliveryError(
      'THREAD_DIED',
      `Expected the server's thread to run on, found: ${found}`,
      {
        cause
      }
    )
    worker = null
    figures.endLife(clock.now())
    figures.count('threadDied')
    const lost = queue.rejectUnderWay(error)
    if (lost > 0) figures.count('lostInThread', lost)
    if (state.kind === 'listening' && clock.now() - listeningSince > STABLE) deaths.reset()
    const first = deaths.attempts === 0
    const wait = deaths.next()
    const restart = () => {
      worker = boot()
      if (wanted) askToListen()
    }
    cancelRetry()
    if (first) restart()
    else cancelRetry = clock.at(clock.now() + wait, restart)
    change({ kind: 'retrying', error })
  }

  function flush(): void {
    flushing = false
    if (state.kind !== 'listening') return
    for (let batch = queue.take(); batch; batch = queue.take())
      say({ kind: 'accept', first: batch.first, updates: batch.updates.map(withOwnBytes) })
  }

  async function end(): Promise<void> {
    cancelRetry()
    flush()
    const last = worker
    if (last) {
      say({ kind: 'close' })
      await new Promise<void>(resolve => {
        const cancel = clock.at(clock.now() + CLOSE_WITHIN, resolve)
        const ended = () => {
          cancel()
          resolve()
        }
        last.on('exit', ended)
        last.on('message', ({ kind }: FromThread) => {
          if (kind === 'closed') ended()
        })
      })
      await last.terminate()
    }
    queue.rejectAll(new DeliveryError('SERVER_CLOSED', 'Expected a server that runs, found a closed one'))
    figures.endLife(clock.now())
    change({ kind: 'closed' })
  }

  return {
    get last() {
      return queue.last
    },
    get state() {
      return state
    },
    get address() {
      return address
    },
    listen() {
      if (wanted) return
      wanted = true
      askToListen()
    },
    declare(stream) {
      if (streams.has(stream)) return
      streams.add(stream)
      if (wanted) say({ kind: 'declare', streams: [stream] })
    },
    accept(update) {
      if (state.kind === 'failed') return Promise.reject(state.error)
      if (closing)
        return Promise.reject(
          new DeliveryError('SERVER_CLOSED', 'Expected a server that runs, found a closed one')
        )
      const ended = queue.add(update)
      if (!flushing && state.kind === 'listening') {
        flushing = true
        queueMicrotask(flush)
      }
      return ended
    },
    totals: () => figures.totals,
    limits: () => figures.limits,
    close() {
      closing ??= end()
      return closing
    }
  }
}

/** An update whose body is alone in its buffer: cloning a view into Node's pool would copy the whole pool. */
function withOwnBytes(update: HandedUpdate): HandedUpdate {
  const { body } = update
  if (body.byteLength === body.buffer.byteLength && !Buffer.isBuffer(body)) return update
  return { ...update, body: new Uint8Array(body) }
}
