import type { Cancel } from '../clock.js'
import { asDeliveryError, type DeliveryError } from '../errors.js'
import type { EpochMs, Ms } from '../units.js'
import type { SourceReport, SourceSettings, Trigger } from '../update/exchange.js'
import { adaptInterval } from './adaptive.js'
import { Brake } from './brake.js'
import type { Cursors } from './cursor.js'
import { Demand, type Waiter } from './demand.js'
import { HoldWatch } from './hold-watch.js'
import { closedError, deadlineError, givenUpError, noHoldError, tooEarlyError } from './poll-errors.js'
import { PollRun } from './poll-run.js'
import { type PollerOptions, PollFailure } from './poller-options.js'
import { Requester } from './requester.js'
import { Schedule } from './schedule.js'

/**
 * Polls one resource on its schedule and on demand, one poll at a time, until it is closed.
 *
 *     tick ──► due? ──► run ──► settle: cursor, deliveries, exchange ──► next
 *               └ running, paused, Retry-After, back-off: skipped
 */
export class Poller<Request> {
  readonly #options: PollerOptions<Request>
  readonly #requester: Requester<Request>
  readonly #schedule: Schedule
  readonly #brake: Brake
  readonly #hold: HoldWatch
  readonly #closing = new AbortController()
  readonly #demand = new Demand<Request>()
  /** What is in force, as far as it can change. */
  #trigger: Trigger
  #intervalMs: Ms
  #paused = false
  #active: PollRun | 'starting' | null = null
  #activeHeld = false
  readonly #givenUp = givenUpError()
  #lastStart: EpochMs = Number.NEGATIVE_INFINITY
  #cancelNext: Cancel = () => {}
  #ended: Promise<void> = Promise.resolve()

  constructor(options: PollerOptions<Request>) {
    this.#options = options
    this.#trigger = options.trigger
    this.#intervalMs = options.intervalMs
    const { clock, random } = options
    this.#requester = new Requester(options, () => this.#settings())
    this.#schedule = new Schedule({
      clock,
      random,
      jitter: options.jitter,
      intervalMs: options.intervalMs,
      onTick: (dueAt, missed) => this.#tick(dueAt, missed)
    })
    this.#brake = new Brake(clock, random)
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
      this.#options.onState({ kind: 'polling' })
      this.#next()
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
    this.#requester.cursors.clear()
    this.#brake.release()
    this.#giveUpHold()
    this.#next()
  }

  /** For the next run. */
  cursors(): Cursors {
    return this.#requester.cursors.all()
  }

  report(): SourceReport {
    return this.#requester.tally.report()
  }

  /** Tells what is open, for a metrics node that has just started. */
  tell(): void {
    // before the first request its settings are not whole, and its exchange tells everything anyway
    if (this.#requester.knowsTarget) this.#requester.tally.tell()
  }

  /** Ends everything under way and every connection; idempotent. Resolves when nothing runs any more. */
  async close(): Promise<void> {
    if (!this.#closing.signal.aborted) {
      this.#closing.abort(closedError())
      this.#schedule.stop()
      this.#cancelNext()
      this.#hold.close()
      this.#requester.close(closedError())
      for (const { reject } of this.#demand.take()?.waiters ?? []) reject(closedError())
    }
    await this.#ended
  }

  /** Ends a long poll that the server holds; it counts as an empty one. */
  #giveUpHold(): void {
    if (this.#activeHeld && this.#active instanceof PollRun) this.#active.abort(this.#givenUp)
  }

  #settings(): Omit<SourceSettings, 'tls'> {
    const { read, waitMs, keepAlive } = this.#options
    const ticking = this.#trigger === 'interval' || this.#trigger === 'adaptive'
    return {
      trigger: this.#trigger,
      read,
      intervalMs: ticking ? this.#intervalMs : null,
      waitMs: this.#trigger === 'long-poll' ? waitMs : null,
      qos: null,
      session: null,
      keepAlive
    }
  }

  #tick(dueAt: EpochMs, missed: number): void {
    const now = this.#options.clock.now()
    const idle = this.#active === null && !this.#paused && now >= this.#brake.scheduledAt
    const skipped = idle ? missed : missed + 1
    if (skipped > 0) this.#requester.tally.skip(dueAt, skipped)
    if (idle) this.#begin(dueAt, undefined, [], 0)
  }

  /** The next long poll, as soon as it may go out. */
  #next(): void {
    this.#cancelNext()
    if (this.#trigger !== 'long-poll' || this.#paused || this.#active !== null) return
    const { clock, waitMs, leastGapMs = 0 } = this.#options
    const from = Math.max(this.#brake.scheduledAt, this.#lastStart + leastGapMs)
    if (clock.now() >= from) this.#begin(null, undefined, [], waitMs)
    else this.#cancelNext = clock.at(from, () => this.#next())
  }

  /** Polls for all who asked. */
  #serve(): void {
    const asked = this.#demand.take()
    if (!asked) return
    const waitMs = this.#brake.retryAt - this.#options.clock.now()
    if (waitMs <= 0) this.#begin(null, asked.request, asked.waiters, 0)
    else for (const { reject } of asked.waiters) reject(tooEarlyError(waitMs))
  }

  #begin(dueAt: EpochMs | null, request: Request | undefined, waiters: readonly Waiter[], holdMs: Ms): void {
    this.#active = 'starting'
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
    let run: PollRun | null = null
    let cancelDeadline: Cancel = () => {}
    let failure: DeliveryError | null = null
    try {
      const ready = await this.#requester.ready(dueAt, request, this.#closing.signal)
      run = ready.run
      this.#active = run
      this.#activeHeld = holdMs > 0
      const startedAt = clock.now()
      cancelDeadline = clock.at(startedAt + holdMs + timeoutMs, () =>
        ready.run.abort(deadlineError(timeoutMs))
      )
      const outcome = await reading({ ...ready, holdMs })
      this.#succeeded(outcome, holdMs, clock.now() - startedAt, ready.cursor !== null)
    } catch (cause) {
      failure = this.#failed(cause, run, request)
    } finally {
      cancelDeadline()
      this.#active = null
      this.#activeHeld = false
      this.#requester.ended()
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

  #succeeded(outcome: 'updated' | 'empty', holdMs: Ms, tookMs: Ms, couldHold: boolean): void {
    this.#brake.succeeded()
    this.#adapt(outcome)
    this.#options.onState(this.#paused ? { kind: 'paused' } : { kind: 'ok', outcome })
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
    if (retryAt === null) this.#brake.failed()
    else this.#brake.throttled(retryAt)
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
    const error = noHoldError(this.#options.waitMs, this.#intervalMs)
    this.#options.onState({ kind: 'failed', error })
    this.#options.onError(error, null)
  }

  #tryHolding(): void {
    this.#schedule.stop()
    this.#trigger = 'long-poll'
    this.#next()
  }
}
