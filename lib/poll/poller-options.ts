import type { ConnectionOptions } from 'node:tls'
import type { Clock } from '../clock.js'
import { DeliveryError } from '../errors.js'
import type { Bytes, EpochMs, Ms, Share } from '../units.js'
import type { Exchange, ServerTotals, Trigger } from '../update/exchange.js'
import type { HttpCarrier } from './client.js'
import type { Cursors } from './cursor.js'
import type { AnswerFacts, Batch, OnAnswer } from './poll-run.js'
import type { HttpProxy } from './proxy.js'
import type { Reading } from './reading.js'
import type { Authentication } from './request-headers.js'

/** Where one poll goes. */
export interface PollTarget {
  /** Base address of a feed, or the document itself. `http:` or `https:`, without user info. */
  readonly url: URL
  /** What the cursor belongs to: another resource has another one. */
  readonly resource: string
  /** Of its deliveries and exchanges. @default the poller's */
  readonly stream?: string | undefined
  readonly tls: ConnectionOptions | undefined
  /** Where a feed on another host tells its clock (CONTRACT 1). @default it is not asked for */
  readonly clockUrl?: URL
  readonly authentication: Authentication
}

/** What a poller is doing, for people. */
export type PollState =
  /** Nobody has asked yet. */
  | { readonly kind: 'idle' }
  /** On its schedule, and nothing has come yet since it was started or resumed. */
  | { readonly kind: 'polling' }
  | { readonly kind: 'ok'; readonly outcome: 'updated' | 'empty' }
  | { readonly kind: 'paused' }
  | { readonly kind: 'throttled'; readonly until: EpochMs }
  | { readonly kind: 'failed'; readonly error: DeliveryError }

/** `Request` is whatever asks for a poll: a message. */
export interface PollerOptions<Request> {
  readonly clock: Clock
  /** Uniform in [0, 1). */
  readonly random: () => number
  /** Node id of the source. */
  readonly source: string
  readonly sourceName: string
  readonly stream: string
  readonly reading: Reading
  readonly read: 'latest' | 'log'
  readonly trigger: Trigger
  readonly intervalMs: Ms
  /** Adaptive only; it also is the step. */
  readonly minIntervalMs: Ms
  readonly maxIntervalMs: Ms
  /** Long poll: how long the server is asked to hold, at most 60 000. */
  readonly waitMs: Ms
  /** One whole poll, on top of the hold. */
  readonly timeoutMs: Ms
  readonly jitter: Share
  /** On the wire and after inflation. */
  readonly maxBodyBytes: Bytes
  readonly keepAlive: boolean
  readonly accept: string
  /** The server runs in this process. */
  readonly sameClock: boolean
  /** Least time from one request of a long poll to the next: for servers that are not ours. @default 0 */
  readonly leastGapMs?: Ms
  /** What carries the requests instead of a client of its own. */
  carrier?(): HttpCarrier
  /** Cursors of the run before. */
  readonly cursors: Cursors
  proxy(url: URL): HttpProxy | null
  /** Asked before every poll; waits while an embedded server starts. @throws DeliveryError */
  target(request: Request | undefined, signal: AbortSignal): PollTarget | Promise<PollTarget>
  /** Headers of one poll. @throws DeliveryError */
  headers(
    request: Request | undefined
  ): Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>
  server(): ServerTotals | null
  onBatch(batch: Batch, request: Request | undefined): void
  readonly onAnswer?: OnAnswer
  /** Whether anybody takes exchanges now: for nobody, none is made. */
  exchangesWanted(): boolean
  onExchange(exchange: Exchange, request: Request | undefined): void
  /** Cursors have changed; `cursors()` has them. */
  onCursors(): void
  onState(state: PollState): void
  /** A poll that nobody asked for failed, or `NO_HOLD`. */
  onError(error: DeliveryError, answer: AnswerFacts | null): void
}

/** A failed poll that somebody asked for, with what is known of the answer. */
export class PollFailure extends DeliveryError {
  readonly answer: AnswerFacts | null

  constructor({ code, message, cause }: DeliveryError, answer: AnswerFacts | null) {
    super(code, message, { cause })
    this.answer = answer
  }
}
