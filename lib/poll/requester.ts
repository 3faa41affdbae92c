import type { EpochMs, Ms } from '../units.js'
import type { SourceSettings } from '../update/exchange.js'
import { HttpClient } from './client.js'
import type { Cursor } from './cursor.js'
import { CursorShelf } from './cursor-shelf.js'
import { PollRun } from './poll-run.js'
import type { PollerOptions } from './poller-options.js'
import { type Authentication, requestHeaders, secretHeaderOf } from './request-headers.js'
import { Tally } from './tally.js'
import { Wire } from './wire.js'

/** A poll that is ready to ask. */
export interface ReadyPoll {
  readonly run: PollRun
  readonly url: URL
  readonly cursor: Cursor | null
}

const LONGEST_CONNECT: Ms = 5000

/** What the polls of one poller have in common: connections, counters, cursors, and how a poll is made ready. */
export class Requester<Request> {
  readonly #options: PollerOptions<Request>
  readonly #client: HttpClient
  readonly tally: Tally
  readonly cursors: CursorShelf
  /** Of the last target; null before the first. */
  #tls: boolean | null = null
  #asked: Request | undefined
  /** As last made, and from what: mostly the next poll needs the same. */
  #headers: {
    readonly authentication: Authentication
    readonly custom: Readonly<Record<string, string>>
    readonly made: Readonly<Record<string, string>>
  } | null = null

  /** @param settings - what is in force, but for TLS, which the target decides */
  constructor(options: PollerOptions<Request>, settings: () => Omit<SourceSettings, 'tls'>) {
    this.#options = options
    this.cursors = new CursorShelf(options.cursors, () => options.onCursors())
    const { clock, keepAlive, timeoutMs, maxBodyBytes, source, sourceName, stream } = options
    const wire = new Wire()
    this.#client = new HttpClient({
      clock,
      wire,
      keepAlive,
      idleMs: idleMs(options),
      connectTimeoutMs: Math.min(timeoutMs, LONGEST_CONNECT),
      bodyTimeoutMs: timeoutMs,
      maxBodyBytes,
      proxy: url => options.proxy(url)
    })
    this.tally = new Tally({
      clock,
      wire,
      source,
      sourceName,
      stream,
      settings: () => ({ ...settings(), tls: this.#tls ?? false }),
      server: () => options.server(),
      exchangesWanted: () => options.exchangesWanted(),
      onExchange: exchange => {
        const ofPoll = exchange.kind === 'poll' && exchange.outcome !== 'skipped'
        options.onExchange(exchange, ofPoll ? this.#asked : undefined)
      }
    })
  }

  /** Whether a target has been asked: only then are the settings whole. */
  get knowsTarget(): boolean {
    return this.#tls !== null
  }

  /**
   * Finds target and headers of one poll.
   * @throws DeliveryError, or the signal's reason
   */
  async ready(dueAt: EpochMs | null, request: Request | undefined, signal: AbortSignal): Promise<ReadyPoll> {
    const { accept, stream, onBatch, onAnswer } = this.#options
    const given = this.#options.target(request, signal)
    const target = given instanceof Promise ? await given : given
    const found = this.#options.headers(request)
    const custom = found instanceof Promise ? await found : found
    if (this.#headers?.custom !== custom || this.#headers.authentication !== target.authentication) {
      const { authentication } = target
      this.#headers = { authentication, custom, made: requestHeaders(accept, authentication, custom) }
    }
    const headers = this.#headers.made
    signal.throwIfAborted()
    this.#tls = target.url.protocol === 'https:'
    this.#asked = request
    const { clock, source, sourceName, read, sameClock, timeoutMs, maxBodyBytes } = this.#options
    const run = new PollRun({
      clock,
      client: this.#client,
      tally: this.tally,
      source,
      sourceName,
      stream: target.stream ?? stream,
      read,
      tls: target.tls,
      headers,
      secretHeader: secretHeaderOf(target.authentication),
      sameClock,
      timeoutMs,
      maxBodyBytes,
      dueAt,
      onCursor: this.cursors.keeper(target.resource),
      onBatch: batch => onBatch(batch, request),
      onAnswer
    })
    return { run, url: target.url, cursor: this.cursors.get(target.resource) }
  }

  /** The poll has ended: what comes now belongs to no message. */
  ended(): void {
    this.#asked = undefined
  }

  /** Ends the running request and every connection; idempotent. */
  close(reason: Parameters<HttpClient['abort']>[0]): void {
    this.tally.close()
    this.#client.abort(reason)
    this.#client.close()
  }
}

/** Idle connections outlive the longest time between two polls, unless the server names less. */
function idleMs({ trigger, intervalMs, maxIntervalMs }: PollerOptions<never>): Ms {
  const between = trigger === 'adaptive' ? Math.max(intervalMs, maxIntervalMs) : intervalMs
  return Math.min(between * 2 + 5000, 2 ** 31 - 1)
}
