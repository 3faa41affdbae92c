import type { Cancel } from '../clock.js'
import type { DeliveryError } from '../errors.js'
import type { EpochMs, Ms } from '../units.js'
import type { SourceReport, Trigger } from '../update/exchange.js'
import { adaptInterval } from './adaptive.js'
import { Brake } from './brake.js'
import type { Cursors } from './cursor.js'
import { Deadline } from './deadline.js'
import { Demand, NOBODY, settleWaiters, type Waiter } from './demand.js'
import { HoldWatch } from './hold-watch.js'
import { closedError, givenUpError, noHoldError, tooEarlyError } from './poll-errors.js'
import { failureOf, PollRun } from './poll-run.js'
import { pollSettings } from './poll-settings.js'
import { type PollerOptions, PollFailure } from './poller-options.js'
import { type PollOrder, Requester } from './requester.js'
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
  readonly #deadline: Deadline
  readonly #closing = new AbortController()
  readonly #demand = new Demand<Request>()
  /** What is in force, as far as it can change. */
  #trigger: Trigger
  #intervalMs: Ms
  #paused = false
  #active: PollRun | 'starting' | null = null
  /** The server may hold its answer to the poll under way. */
  #held = false
  /** Of a held long poll; it counts as an empty one. */
  readonly #givenUp = givenUpError()
  #lastStart: EpochMs = Number.NEGATIVE_INFINITY
  #cancelNext: Cancel = () => {}
  #ended: Promise<void> = Promise.resolve()

  constructor(options: PollerOptions<Request>) {
    this.#options = options
    this.#trigger = options.trigger
    this.#intervalMs = options.intervalMs
    const { clock, random } = options
    this.#requester = new Requester(options, () => pollSettings(options, this.#trigger, this.#intervalMs))
    this.#schedule = new Schedule({
      clock,
      random,
      jitter: options.jitter,
      intervalMs: options.intervalMs,
      onTick: (dueAt, missed) => this.#tick(dueAt, missed)
    })
    this.#brake = new Brake(clock, random)
    this.#hold = new HoldWatch({ clock, onRetry: () => this.#tryHolding() })
    this.#deadline = new Deadline({ clock, onReached: () => this.#expire() })
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
    if (this.#held) this.#abort(this.#givenUp)
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
    if (this.#held) this.#abort(this.#givenUp)
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
  close(): Promise<void> {
    this.#closing.abort(closedError())
    this.#schedule.stop()
    this.#cancelNext()
    this.#hold.close()
    this.#deadline.close()
    this.#requester.close(closedError())
    settleWaiters(this.#demand.take()?.waiters ?? NOBODY, closedError())
    return this.#ended
  }

  #expire(): void {
    if (this.#active instanceof PollRun) this.#active.expire()
  }

  #abort(reason: DeliveryError): void {
    if (this.#active instanceof PollRun) this.#active.abort(reason)
  }

  #tick(dueAt: EpochMs, missed: number): void {
    const now = this.#options.clock.now()
    const idle = this.#active === null && !this.#paused && now >= this.#brake.scheduledAt
    const skipped = idle ? missed : missed + 1
    if (skipped > 0) this.#requester.tally.skip(dueAt, skipped)
    if (idle) this.#begin({ dueAt, request: undefined, holdMs: 0 }, NOBODY)
  }

  /** The next long poll, as soon as it may go out. */
  #next(): void {
    this.#cancelNext()
    if (this.#trigger !== 'long-poll' || this.#paused || this.#active !== null) return
    const { clock, waitMs, leastGapMs = 0 } = this.#options
    const from = Math.max(this.#brake.scheduledAt, this.#lastStart + leastGapMs)
    if (clock.now() >= from) this.#begin({ dueAt: null, request: undefined, holdMs: waitMs }, NOBODY)
    else this.#cancelNext = clock.at(from, () => this.#next())
  }

  /** Polls for all who asked. */
  #serve(): void {
    const asked = this.#demand.take()
    if (!asked) return
    const waitMs = this.#brake.retryAt - this.#options.clock.now()
    if (waitMs <= 0) this.#begin({ dueAt: null, request: asked.request, holdMs: 0 }, asked.waiters)
    else settleWaiters(asked.waiters, tooEarlyError(waitMs))
  }

  #begin(order: PollOrder<Request>, waiters: readonly Waiter[]): void {
    this.#active = 'starting'
    this.#lastStart = this.#options.clock.now()
    this.#ended = this.#run(order, waiters)
  }

  async #run(order: PollOrder<Request>, waiters: readonly Waiter[]): Promise<void> {
    const { clock, reading, timeoutMs } = this.#options
    const { holdMs } = order
    let run: PollRun | null = null
    let failure: DeliveryError | null = null
    try {
      const ready = this.#requester.ready(order, this.#closing.signal)
      const ask = ready instanceof Promise ? await ready : ready
      run = ask.run
      this.#active = run
      this.#held = holdMs > 0
      const startedAt = clock.now()
      this.#deadline.set(startedAt + holdMs + timeoutMs)
      const outcome = await reading(ask)
      this.#succeeded(outcome, holdMs, clock.now() - startedAt, ask.cursor !== null)
    } catch (cause) {
      // a poll that could not begin ends in a turn of its own, too: what follows it must find it begun
      if (run === null) await Promise.resolve()
      failure = this.#failed(cause, run, order.request)
    } finally {
      this.#deadline.clear()
      this.#active = null
      this.#held = false
      this.#requester.ended()
    }
    settleWaiters(waiters, failure)
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
    const { error, answer, retryAt } = failureOf(run, cause)
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
