import { parentPort } from 'node:worker_threads'
import { asDeliveryError, DeliveryError } from '../errors.js'
import { threadCpuMs } from './cpu-time.js'
import { listenError } from './listen-error.js'
import type { CrossedError, FromThread, ToThread } from './thread-messages.js'
import type { ServerNotice, StartServer, ThreadServer, ThreadServerOptions } from './thread-server.js'

const SAMPLE_EVERY_MS = 1000

/**
 * The worker's side of `startServerThread`: a thread's file is one call of this.
 * It listens when asked, hands updates to the server in order, and tells once a second what it cost.
 */
export function serveInThread<Options extends ThreadServerOptions>(start: StartServer<Options>): void {
  const port = parentPort
  if (!port) throw new DeliveryError('LISTEN_FAILED', 'Expected a worker thread, found the main thread')
  const say = (message: FromThread): void => {
    port.postMessage(message)
  }
  const settlements = settlementReporter(say)
  const notify = (notice: ServerNotice) => say({ kind: 'notice', notice: { ...notice } })

  let server: ThreadServer | null = null
  let sampling: NodeJS.Timeout | undefined
  const sample = () => {
    if (server) say({ kind: 'sample', cpuMs: threadCpuMs(), counters: server.counters() })
  }

  const listen = async (options: Options) => {
    const known = server
    try {
      if (known) await known.comeBack({ port: options.port, wsPort: options.wsPort ?? null })
      else server = await start(options, notify)
    } catch (error) {
      say({ kind: 'listen-failed', error: crossed(listenError(error, options)) })
      return
    }
    if (!server) return
    say({ kind: 'listening', address: server.address })
    sample()
    sampling ??= setInterval(sample, SAMPLE_EVERY_MS).unref()
  }

  const goAway = async () => {
    await server?.goAway()
    sample()
    say({ kind: 'away' })
  }

  const accept = (first: number, updates: Extract<ToThread<Options>, { kind: 'accept' }>['updates']) => {
    updates.forEach((update, index) => {
      const id = first + index
      try {
        if (!server)
          throw new DeliveryError('SERVER_CLOSED', 'Expected a server that listens, found a closed one')
        const outcome = server.accept(update)
        if (outcome === undefined) settlements.succeeded(id)
        else
          outcome.then(
            () => settlements.succeeded(id),
            error => settlements.failed(id, error)
          )
      } catch (error) {
        settlements.failed(id, error)
      }
    })
  }

  const close = async () => {
    clearInterval(sampling)
    sample()
    const closing = server
    server = null
    await closing?.close()
    settlements.flush()
    say({ kind: 'closed' })
    port.close()
  }

  // a close or a declaration waits for a listen that is under way
  let before: Promise<void> = Promise.resolve()
  const inOrder = (step: () => void | Promise<void>) => {
    before = before.then(step)
  }
  port.on('message', (message: ToThread<Options>) => {
    switch (message.kind) {
      case 'listen':
        return inOrder(() => listen(message.options))
      case 'declare':
        return inOrder(() => server?.declare(message.streams))
      case 'accept':
        // sent only after 'listening'
        return accept(message.first, message.updates)
      case 'go-away':
        return inOrder(goAway)
      case 'close':
        return inOrder(close)
    }
  })
}

/** Reports the ends of hand-overs once a turn, as ranges: one message for a burst. */
function settlementReporter(say: (message: FromThread) => void) {
  let ranges: number[] = []
  let failures: [number, CrossedError][] = []
  let flushing: NodeJS.Immediate | undefined
  const flush = () => {
    clearImmediate(flushing)
    flushing = undefined
    if (ranges.length > 0) say({ kind: 'settled', ranges, failures })
    ranges = []
    failures = []
  }
  const succeeded = (id: number) => {
    if (ranges.at(-1) === id - 1) ranges[ranges.length - 1] = id
    else ranges.push(id, id)
    flushing ??= setImmediate(flush)
  }
  return {
    succeeded,
    failed(id: number, error: unknown) {
      failures.push([id, crossed(error)])
      succeeded(id)
    },
    flush
  }
}

function crossed(error: unknown): CrossedError {
  const { code, message } = asDeliveryError(error, 'HAND_OVER_FAILED')
  return { code, message }
}
