import type { Clock } from '../clock.js'
import { DeliveryError } from '../errors.js'
import type { ServerTotals } from '../update/exchange.js'
import type { HandedUpdate } from '../update/update.js'
import type { ListenAddress, ServerNotice, ThreadServerOptions } from './thread-server.js'

/** What a server thread is doing. */
export type ThreadState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'listening'; readonly address: ListenAddress }
  | { readonly kind: 'retrying'; readonly error: DeliveryError }
  | { readonly kind: 'closed' }

export interface ServerThreadOptions<Options extends ThreadServerOptions> {
  /** The worker's file, which calls `serveInThread`. */
  readonly file: URL
  /** `port`, `streams` and `last` are filled in anew for every start. */
  readonly server: Options
  readonly clock: Clock
  readonly random: () => number
  onState(state: ThreadState): void
  onNotice(notice: ServerNotice): void
}

/** A server in a thread of its own that is started again when it dies, on the port it had. */
export interface ServerThread {
  readonly state: ThreadState
  declare(stream: string): void
  /** In call order; waits while the thread starts. @throws DeliveryError `QUEUE_FULL`, `THREAD_DIED` or the server's own */
  accept(update: HandedUpdate): Promise<void>
  /** Sampled every second; carried on over restarts. */
  totals(): ServerTotals
  /** Each limit that bit, by name; carried on over restarts. */
  limits(): Readonly<Record<string, number>>
  close(): Promise<void>
}

export function startServerThread<Options extends ThreadServerOptions>(
  _options: ServerThreadOptions<Options>
): ServerThread {
  throw new DeliveryError('LISTEN_FAILED', 'not written yet')
}
