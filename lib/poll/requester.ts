import type { EpochMs, Ms } from '../units.js'
import type { SourceSettings } from '../update/exchange.js'
import { type HttpCarrier, HttpClient } from './client.js'
import { ClockWatch } from './clock-watch.js'
import { CursorShelf } from './cursor-shelf.js'
import type { PollPlan, PollRunOptions } from './poll-plan.js'
import { PollRun } from './poll-run.js'
import type { PollerOptions, PollTarget } from './poller-options.js'
import type { PollAsk } from './reading.js'
import { hopMaker } from './redirects.js'
import { requestHeaders, secretHeaderOf } from './request-headers.js'
import { Tally } from './tally.js'
import { Wire } from './wire.js'

/** What was asked for with one poll. */
export interface PollOrder<Request> {
  /** The instant it was planned for; null when nobody planned it. */
  readonly dueAt: EpochMs | null
  readonly request: Request | undefined
  /** How long the server may hold its answer. */
  readonly holdMs: Ms
}

type Headers = Readonly<Record<string, string>>

const LONGEST_CONNECT: Ms = 5000
const ACCEPT: Headers = { accept: 'application/json' }

/** What the polls of one poller have in common: connections, counters, cursors, and how a poll is made ready. */
export class Requester<Request> {
  readonly #options: PollerOptions<Request>
  readonly #client: HttpCarrier
  readonly #clocks: ClockWatch
  readonly tally: Tally
  readonly cursors: CursorShelf
  /** Of the last target; null before the first. */
  #tls: boolean | null = null
  #asked: Request | undefined
  readonly #runs: PollRunOptions
  /** As last made, and from what: mostly the next poll needs the same. */
  #last: { readonly target: PollTarget; readonly custom: Headers; readonly plan: PollPlan } | null = null

  /** @param settings - what is in force, but for TLS, which the target decides */
  constructor(options: PollerOptions<Request>, settings: () => Omit<SourceSettings, 'tls'>) {
    this.#options = options
    this.cursors = new CursorShelf(options.cursors, () => options.onCursors())
    const { clock, keepAlive, timeoutMs, maxBodyBytes, source, sourceName, stream } = options
    const wire = new Wire()
    const connections = {
      clock,
      wire,
      keepAlive,
      idleMs: idleMs(options),
      connectTimeoutMs: Math.min(timeoutMs, LONGEST_CONNECT),
      bodyTimeoutMs: timeoutMs,
      maxBodyBytes,
      proxy: (url: URL) => options.proxy(url)
    }
    this.#client = options.carrier?.() ?? new HttpClient(connections)
    this.#clocks = new ClockWatch({ clock, client: new HttpClient({ ...connections, wire: new Wire() }) })
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
    const { read, sameClock, onAnswer } = options
    const common = { clock, source, sourceName, read, sameClock, timeoutMs, maxBodyBytes, onAnswer }
    const serverClock = () => this.#clocks.offset
    this.#runs = { ...common, client: this.#client, tally: this.tally, serverClock }
  }

  /** Whether a target has been asked: only then are the settings whole. */
  get knowsTarget(): boolean {
    return this.#tls !== null
  }

  /**
   * Finds target and headers of one poll; at once, unless one of them has to be waited for.
   * @throws DeliveryError, or the signal's reason
   */
  ready(order: PollOrder<Request>, signal: AbortSignal): PollAsk | Promise<PollAsk> {
    const target = this.#options.target(order.request, signal)
    if (target instanceof Promise) return this.#later(target, null, order, signal)
    const custom = this.#options.headers(order.request)
    if (target.clockUrl) return this.#later(target, Promise.resolve(custom), order, signal)
    if (custom instanceof Promise) return this.#later(target, custom, order, signal)
    return this.#ask(target, custom, order)
  }

  async #later(
    target: PollTarget | Promise<PollTarget>,
    custom: Promise<Headers> | null,
    order: PollOrder<Request>,
    signal: AbortSignal
  ): Promise<PollAsk> {
    const found = await target
    const headers = await (custom ?? this.#options.headers(order.request))
    signal.throwIfAborted()
    const asked = this.#followClock(found, headers)
    if (asked !== null) await asked
    signal.throwIfAborted()
    return this.#ask(found, headers, order)
  }

  #ask(target: PollTarget, custom: Headers, { dueAt, request, holdMs }: PollOrder<Request>): PollAsk {
    const { url, resource } = target
    const plan = this.#planOf(target, custom)
    this.#tls = url.protocol === 'https:'
    this.#asked = request
    const run = new PollRun(this.#runs, plan, {
      dueAt,
      onCursor: this.cursors.keeper(resource),
      onBatch: batch => this.#options.onBatch(batch, request)
    })
    return { run, url, cursor: this.cursors.get(resource), holdMs }
  }

  /** @returns resolves once the poll may go; null = at once */
  #followClock(target: PollTarget, custom: Headers): Promise<void> | null {
    const { clockUrl, tls } = target
    if (clockUrl === undefined) return null
    return this.#clocks.follow(clockUrl, url => this.#planOf(target, custom).firstHop(url, ACCEPT), tls)
  }

  #planOf(target: PollTarget, custom: Headers): PollPlan {
    if (this.#last?.target === target && this.#last.custom === custom) return this.#last.plan
    const { authentication, tls, stream = this.#options.stream } = target
    const firstHop = hopMaker(requestHeaders(this.#options.accept, authentication, custom))
    const plan = { stream, tls, firstHop, secretHeader: secretHeaderOf(authentication) }
    this.#last = { target, custom, plan }
    return plan
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
    this.#clocks.close()
  }
}

/** Idle connections outlive the longest time between two polls, unless the server names less. */
function idleMs({ trigger, intervalMs, maxIntervalMs }: PollerOptions<never>): Ms {
  const between = trigger === 'adaptive' ? Math.max(intervalMs, maxIntervalMs) : intervalMs
  return Math.min(between * 2 + 5000, 2 ** 31 - 1)
}
