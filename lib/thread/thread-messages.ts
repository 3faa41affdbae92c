import type { DeliveryErrorCode } from '../errors.js'
import type { HandedUpdate } from '../update/update.js'
import type { ListenAddress, ServerCounters, ServerNotice, ThreadServerOptions } from './thread-server.js'

/** An error as it crosses threads. */
export interface CrossedError {
  readonly code: DeliveryErrorCode
  readonly message: string
}

/** What the main thread tells a server thread; handled in order. */
export type ToThread<Options extends ThreadServerOptions> =
  /** Sent again after a failure, and to come back after `go-away`. */
  | { readonly kind: 'listen'; readonly options: Options }
  | { readonly kind: 'declare'; readonly streams: readonly string[] }
  /** Hand-overs numbered `first`, `first + 1`, … */
  | { readonly kind: 'accept'; readonly first: number; readonly updates: readonly HandedUpdate[] }
  | { readonly kind: 'go-away' }
  | { readonly kind: 'close' }

/** What a server thread says of itself. */
export type FromThread =
  | { readonly kind: 'listening'; readonly address: ListenAddress }
  /** Nobody can reach it any more. */
  | { readonly kind: 'away' }
  | { readonly kind: 'listen-failed'; readonly error: CrossedError }
  | {
      readonly kind: 'settled'
      /** Hand-overs that ended, as pairs: from, to, from, to, … */
      readonly ranges: readonly number[]
      /** Which of them were rejected. */
      readonly failures: readonly (readonly [number, CrossedError])[]
    }
  | { readonly kind: 'sample'; readonly cpuMs: number | null; readonly counters: ServerCounters }
  | { readonly kind: 'notice'; readonly notice: ServerNotice }
  | { readonly kind: 'closed' }
