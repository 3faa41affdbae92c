import { Backoff } from '../backoff.js'
import type { Cancel } from '../clock.js'
import { asDeliveryError, DeliveryError } from '../errors.js'
import type { EpochMs, Ms } from '../units.js'
import type { SourceReport, SourceSettings, Trigger } from '../update/exchange.js'
import { adaptInterval } from './adaptive.js'
import { HttpClient } from './client.js'
import type { Cursor, Cursors } from './cursor.js'
import { Demand, type Waiter } from './demand.js'
import { HoldWatch } from './hold-watch.js'
import { PollRun } from './poll-run.js'
import { type PollerOptions, PollFailure, type PollTarget } from './poller-options.js'
import { requestHeaders, secretHeaderOf } from './request-headers.js'
import { Schedule } from './schedule.js'
import { Tally } from './tally.js'
import { Wire } from './wire.js'

/** Resources whose cursors are kept: `msg.url` may name any number. */
const MOST_CURSORS = 20
const LONGEST_CONNECT: Ms = 5000

/**
 * Polls one resource on its schedule and on demand, one poll at a time, until it is closed.
 *
 *     tick ──► due? ──► run ──► settle: cursor, deliveries, exchange ──► next
 *               └ running, paused, Retry-After, back-off: skipped
 */
export class Poller<Request> {
  readonly #options: PollerOptions<Request>
  readonly #wire = new Wire()
  readonly #client: HttpClient
  readonly #tally: Tally
  readonly #schedule: Schedule
  readonly #backoff: Backoff
  readonly #hold: HoldWatch
  readonly #closing = new AbortController()
  readonly #demand = new Demand<Request>()
  readonly #cursors: Map<string, Cursor>
  /** What is in force, as far as it can change. */
  #trigger: Trigger
  #intervalMs: Ms
  #tls = false
  #targetKnown = false
  #paused = false
  #active: PollRun | 'starting' | null = null
  #activeHeld = false
  #asked: Request | undefined
  /** Forgetting counts them up, so that a poll under way does not bring the cursor back. */
  #generation = 0
  readonly #givenUp = new DeliveryError('SERVER_CLOSED', 'The poll was given up: paused or reset')
  #retryAt: EpochMs = 0
  /** Scheduled polls only. */
  #backoffUntil: EpochMs = 0
  #lastStart: EpochMs = Number.NEGATIVE_INFINITY
  #cancelNext: Cancel = () => {}
  #ended: Promise<void> = Promise.resolve()

  constructor(options: PollerOptions<Request>) {
    this.#options = options
    this.#trigger = options.trigger
    this.#intervalMs = options.intervalMs
    this.#cursors = new Map(Object.entries(options.cursors))
    const { clock, random, keepAlive, timeoutMs, maxBodyBytes } = options
    this.#client = new HttpClient({
      clock,
      wire: this.#wire,
      keepAlive,
      idleMs: idleMs(options),
      connectTimeoutMs: Math.min(timeoutMs, LONGEST_CONNECT),
      bodyTimeoutMs: timeoutMs,
      maxBodyBytes,
      proxy: url => options.proxy(url)
    })
    this.#tally = new Tally({
      clock,
      wire: this.#wire,
      source: options.source,
      sourceName: options.sourceName,
      stream: options.stream,
      settings: () => this.#settings(),
      server: () => options.server(),
      exchangesWanted: () => options.exchangesWanted(),
      onExchange: exchange => {
        const ofPoll = exchange.kind === 'poll' && exchange.outcome !== 'skipped'
        options.onExchange(exchange, ofPoll ? this.#asked : undefined)
      }
    })
    this.#schedule = new Schedule({
      clock,
      random,
      jitter: options.jitter,
      intervalMs: options.intervalMs,
      onTick: (dueAt, missed) => this.#tick(dueAt, missed)
    })
    this.#backoff = new Backoff({ random })
    this.#hold = new HoldWatch({ clock, onRetry: () => this.#tryHolding() })
  }

  /** Begins by its trigger; once. */
  start(): void {
    if (this.#trigger === 'input') this.#options.onState({ kind: 'idle' })
    else if (this.#trigger === 'long-poll') this.#next()
    else this.#schedule.start()
  }

  /**
   * Polls now, also while paused; during a poll, once directly after it for all who asked.
   * Resolves when that poll has ended.
   * @throws DeliveryError of that poll; `RETRY_AFTER` while the server wants no request
   */
  poll(request: Request): Promise<void> {
    if (this.#closing.signal.aborted) return Promise.reject(closedError())
    const ended = this.#demand.add(request)
    if (this.#active === null) this.#serve()
    return ended
  }

  /** Pauses or resumes the schedule; a held long poll is given up. */
  setRunning(running: boolean): void {
    if (this.#paused === !running) return
    this.#paused = !running
    if (running) {
      if (this.#trigger === 'long-poll') this.#next()
      return
    }
    this.#cancelNext()
    this.#giveUpHold()
    this.#options.onState({ kind: 'paused' })
  }

  /** Another interval from now on, on a grid that starts now. */
  setInterval(intervalMs: Ms): void {
    this.#intervalMs = intervalMs
    if (this.#trigger === 'interval' || this.#trigger === 'adaptive') this.#schedule.restart(intervalMs)
  }

  /** Forgets every cursor, validator, Retry-After and back-off. */
  reset(): void {
    this.#generation += 1
    this.#cursors.clear()
    this.#retryAt = 0
    this.#backoffUntil = 0
    this.#backoff.reset()
    this.#options.onCursors()
    this.#giveUpHold()
    this.#next()
  }

  /** For the next run. */
  cursors(): Cursors {
    return Object.fromEntries(this.#cursors)
  }

  report(): SourceReport {
    return this.#tally.report()
  }

  /** Tells what is open, for a metrics node that has just started. */
  tell(): void {
    // before the first request its settings are not whole, and its exchange tells everything anyway
    if (this.#targetKnown) this.#tally.tell()
  }

  /** Ends everything under way and every connection; idempotent. Resolves when nothing runs any more. */
  async close(): Promise<void> {
    if (!this.#closing.signal.aborted) {
      this.#closing.abort(closedError())
      this.#schedule.stop()
      this.#cancelNext()
      this.#hold.close()
      this.#tally.close()
      this.#client.abort(closedError())
      this.#client.close()
      for (const { reject } of this.#demand.take()?.waiters ?? []) reject(closedError())
    }
    await this.#ended
  }

  /** Ends a long poll that the server holds; it counts as an empty one. */
  #giveUpHold(): void {
    if (this.#activeHeld && this.#active instanceof PollRun) this.#active.abort(this.#givenUp)
  }

  #settings(): SourceSettings {
    const { read, waitMs, keepAlive } = this.#options
    const ticking = this.#trigger === 'interval' || this.#trigger === 'adaptive'
    return {
      trigger: this.#trigger,
      read,
      intervalMs: ticking ? this.#intervalMs : null,
      waitMs: this.#trigger === 'long-poll' ? waitMs : null,
      qos: null,
      session: null,
      keepAlive,
      tls: this.#tls
    }
  }

  #tick(dueAt: EpochMs, missed: number): void {
    const now = this.#options.clock.now()
    const idle = this.#active === null && !this.#paused && now >= this.#notBefore
    const skipped = idle ? missed : missed + 1
    if (skipped > 0) this.#tally.skip(dueAt, skipped)
    if (idle) this.#begin(dueAt, undefined, [], 0)
  }

  /** The next long poll, as soon as it may go out. */
  #next(): void {
    this.#cancelNext()
    if (this.#trigger !== 'long-poll' || this.#paused || this.#active !== null) return
    const { clock, waitMs, leastGapMs = 0 } = this.#options
    const from = Math.max(this.#notBefore, this.#lastStart + leastGapMs)
    if (clock.now() >= from) this.#begin(null, undefined, [], waitMs)
    else this.#cancelNext = clock.at(from, () => this.#next())
  }

  get #notBefore(): EpochMs {
    return Math.max(this.#retryAt, this.#backoffUntil)
  }

  /** Polls for all who asked. */
  #serve(): void {
    const asked = this.#demand.take()
    if (!asked) return
    const waitMs = this.#retryAt - this.#options.clock.now()
    if (waitMs <= 0) {
      this.#begin(null, asked.request, asked.waiters, 0)
      return
    }
    const error = new DeliveryError(
      'RETRY_AFTER',
      `Expected no request for another ${Math.ceil(waitMs / 1000)} s, as the server asked; found a message`
    )
    for (const { reject } of asked.waiters) reject(error)
  }

  #begin(dueAt: EpochMs | null, request: Request | undefined, waiters: readonly Waiter[], holdMs: Ms): void {
    this.#active = 'starting'
    this.#asked = request
    this.#lastStart = this.#options.clock.now()
    this.#ended = this.#run(dueAt, request, waiters, holdMs)
  }

  async #run(
    dueAt: EpochMs | null,
    request: Request | undefined,
    waiters: readonly Waiter[],
    holdMs: Ms
  ): Promise<void> {
    const { clock, reading, timeoutMs } = this.#options
    const generation = this.#generation
    let run: PollRun | null = null
    let cancelDeadline: Cancel = () => {}
    let failure: DeliveryError | null = null
    try {
      const given = this.#options.target(request, this.#closing.signal)
      const target = given instanceof Promise ? await given : given
      const custom = this.#options.headers(request)
      const headers = requestHeaders(
        this.#options.accept,
        target.authentication,
        custom instanceof Promise ? await custom : custom
      )
      this.#closing.signal.throwIfAborted()
      this.#tls = target.url.protocol === 'https:'
      this.#targetKnown = true
      run = this.#newRun(target, headers, dueAt, generation, request)
      this.#active = run
      this.#activeHeld = holdMs > 0
      const startedAt = clock.now()
      const polling = run
      cancelDeadline = clock.at(startedAt + holdMs + timeoutMs, () => polling.abort(deadlineError(timeoutMs)))
      const cursor = this.#cursors.get(target.resource) ?? null
      const outcome = await reading({ run, url: target.url, cursor, holdMs })
      this.#succeeded(outcome, holdMs, clock.now() - startedAt, cursor !== null)
    } catch (cause) {
      failure = this.#failed(cause, run, request)
    } finally {
      cancelDeadline()
      this.#active = null
      this.#activeHeld = false
      this.#asked = undefined
    }
    for (const { resolve, reject } of waiters)
      if (failure) reject(failure)
      else resolve()
    this.#continue()
  }

  #continue(): void {
    if (this.#closing.signal.aborted) return
    this.#serve()
    if (this.#active === null) this.#next()
  }

  #newRun(
    target: PollTarget,
    headers: Readonly<Record<string, string>>,
    dueAt: EpochMs | null,
    generation: number,
    request: Request | undefined
  ): PollRun {
    const { clock, source, sourceName, stream, read, sameClock, timeoutMs, maxBodyBytes } = this.#options
    return new PollRun({
      clock,
      client: this.#client,
      tally: this.#tally,
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
      onCursor: cursor => {
        if (generation === this.#generation) this.#keep(target.resource, cursor)
      },
      onBatch: batch => this.#options.onBatch(batch, request)
    })
  }

  #keep(resource: string, cursor: Cursor): void {
    if (this.#cursors.get(resource) === cursor) return
    this.#cursors.delete(resource)
    this.#cursors.set(resource, cursor)
    if (this.#cursors.size > MOST_CURSORS)
      for (const oldest of this.#cursors.keys()) {
        this.#cursors.delete(oldest)
        break
      }
    this.#options.onCursors()
  }

  #succeeded(outcome: 'updated' | 'empty', holdMs: Ms, tookMs: Ms, couldHold: boolean): void {
    this.#backoff.reset()
    this.#backoffUntil = 0
    this.#adapt(outcome)
    this.#options.onState(
      this.#paused ? { kind: 'paused' } : { kind: 'ok', outcome, settings: this.#settings() }
    )
    if (holdMs === 0 || !couldHold) return
    if (this.#hold.watch(outcome === 'empty' && tookMs < holdMs / 10)) this.#fallBack()
  }

  #failed(cause: unknown, run: PollRun | null, request: Request | undefined): DeliveryError {
    if (this.#closing.signal.aborted) return closedError()
    if (cause === this.#givenUp) {
      run?.stop()
      return this.#givenUp
    }
    const { error, answer, retryAt } = run?.fail(cause) ?? {
      error: asDeliveryError(cause, 'REQUEST_FAILED'),
      answer: null,
      retryAt: null
    }
    this.#adapt('error')
    if (retryAt !== null) this.#retryAt = retryAt
    else this.#backoffUntil = this.#options.clock.now() + this.#backoff.next()
    this.#options.onState(
      retryAt !== null ? { kind: 'throttled', until: retryAt } : { kind: 'failed', error }
    )
    if (request === undefined) this.#options.onError(error, answer)
    return new PollFailure(error, answer)
  }

  #adapt(outcome: 'updated' | 'empty' | 'error'): void {
    if (this.#trigger !== 'adaptive') return
    this.#schedule.adapt(adaptInterval(this.#schedule.intervalMs, outcome, this.#options))
  }

  /** The server does not hold: asking on and on would be a flood. */
  #fallBack(): void {
    this.#trigger = 'interval'
    this.#schedule.restart(this.#intervalMs)
    const error = new DeliveryError(
      'NO_HOLD',
      `Expected a server that holds its answer for ${this.#options.waitMs} ms, found three empty answers at once; polling every ${this.#intervalMs} ms for 10 minutes`
    )
    this.#options.onState({ kind: 'failed', error })
    this.#options.onError(error, null)
  }

  #tryHolding(): void {
    this.#schedule.stop()
    this.#trigger = 'long-poll'
    this.#next()
  }
}

const closedError = () => new DeliveryError('SERVER_CLOSED', 'Expected a running poller, found it closed')
const deadlineError = (timeoutMs: Ms) =>
  new DeliveryError(
    'TIMEOUT',
    `Expected a whole poll within ${timeoutMs} ms beyond its hold, found it unfinished`
  )

/** Idle connections outlive the longest time between two polls, unless the server names less. */
function idleMs({ trigger, intervalMs, maxIntervalMs }: PollerOptions<never>): Ms {
  const between = trigger === 'adaptive' ? Math.max(intervalMs, maxIntervalMs) : intervalMs
  return Math.min(between * 2 + 5000, 2 ** 31 - 1)
}
