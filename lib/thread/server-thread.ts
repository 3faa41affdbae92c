import { basename } from 'node:path'
import { Worker } from 'node:worker_threads'
import { Backoff } from '../backoff.js'
import type { Cancel } from '../clock.js'
import { DeliveryError } from '../errors.js'
import type { Ms } from '../units.js'
import type { HandedUpdate } from '../update/update.js'
import { HandOverQueue } from './hand-over-queue.js'
import { Reach } from './reach.js'
import type { ServerThread, ServerThreadOptions, ThreadState } from './server-thread-options.js'
import { ThreadFigures } from './thread-figures.js'
import type { FromThread, ToThread } from './thread-messages.js'
import type { ThreadServerOptions } from './thread-server.js'

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
  const reach = new Reach()
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
    if (reach.away) return
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
    } else if (message.kind === 'away') reach.isGone()
    else if (message.kind === 'notice') onNotice(message.notice)
    else if (message.kind === 'listening' && !closing) {
      address = message.address
      listeningSince = clock.now()
      retries.reset()
      change({ kind: 'listening', address })
      reach.isBack()
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
    reach.isGone()
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
    reach.end()
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
    async goAway() {
      if (reach.away)
        throw new DeliveryError('FAULT_RUNNING', 'Expected a server within reach, found it away')
      if (state.kind !== 'listening' || closing)
        throw new DeliveryError('SERVER_CLOSED', `Expected a server that listens, found it ${state.kind}`)
      const gone = reach.goAway()
      say({ kind: 'go-away' })
      await gone
    },
    comeBack() {
      if (reach.away) {
        reach.comeBack()
        askToListen()
      }
      return reach.whenBack
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
