import type { Clock } from '../clock.js'
import type { DeliveryError } from '../errors.js'
import type { ServerTotals } from '../update/exchange.js'
import type { HandedUpdate } from '../update/update.js'
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
  /**
   * Makes the server unreachable until `comeBack`, whatever happens meanwhile: its port and every connection are closed.
   * Its state stays, and it takes updates. Resolves once nobody can reach it.
   * @throws DeliveryError (rejects) `FAULT_RUNNING` when it is away, `SERVER_CLOSED` when it does not listen
   */
  goAway(): Promise<void>
  /** Ends what `goAway` began: resolves once it listens again on its port, or is closed. Else: nothing. */
  comeBack(): Promise<void>
  /** Sampled every second; carried on over restarts. */
  totals(): ServerTotals
  /** Each limit that bit, by name; carried on over restarts. Its own: `threadDied`, `lostInThread` (updates). */
  limits(): Readonly<Record<string, number>>
  /** Ends server and thread within some seconds; what still waits is rejected (`SERVER_CLOSED`). Idempotent. */
  close(): Promise<void>
}
