import type { Cancel, Clock } from '../clock.js'
import type { EpochMs, Ms, Share } from '../units.js'

export interface ScheduleOptions {
  readonly clock: Clock
  /** Uniform in [0, 1). */
  readonly random: () => number
  readonly intervalMs: Ms
  /** Each tick is late by U(0, 1) · jitter · interval, not cumulative. */
  readonly jitter: Share
  /**
   * One tick.
   * @param dueAt - its planned instant
   * @param missed - ticks before it whose instants passed while the thread was busy
   */
  onTick(dueAt: EpochMs, missed: number): void
}

/**
 * The instants of polls: the first at once, at t0, then t0 + φ + kT, φ uniform in [0, T) and drawn once,
 * each plus its jitter. Planned from the grid, never from "now", so that it cannot drift.
 *
 *     t0 ·──φ──┬────T────┬────T────┬──
 *        poll  poll +j   poll +j   poll +j
 */
export class Schedule {
  readonly #options: ScheduleOptions
  /** φ as a share of the interval. */
  readonly #phase: Share
  #intervalMs: Ms
  /** The grid instant before the next tick. */
  #base: EpochMs = 0
  /** How far the next tick is from it, in intervals: φ at first, then 1. */
  #step: Share = 1
  #cancel: Cancel = () => {}
  #running = false

  constructor(options: ScheduleOptions) {
    this.#options = options
    this.#intervalMs = options.intervalMs
    this.#phase = options.random()
  }

  get intervalMs(): Ms {
    return this.#intervalMs
  }

  /** Ticks at once, then by the grid. */
  start(): void {
    const now = this.#options.clock.now()
    this.restart(this.#intervalMs)
    this.#options.onTick(now, 0)
  }

  /** A new interval from the last tick on (adaptive): the next one is one new interval after it, or now. */
  adapt(intervalMs: Ms): void {
    if (intervalMs === this.#intervalMs) return
    this.#intervalMs = intervalMs
    if (this.#running) this.#arm()
  }

  /** A new grid that starts now, without a tick at once. */
  restart(intervalMs: Ms): void {
    this.#intervalMs = intervalMs
    this.#base = this.#options.clock.now()
    this.#step = this.#phase
    this.#running = true
    this.#arm()
  }

  stop(): void {
    this.#running = false
    this.#cancel()
  }

  #arm(): void {
    this.#cancel()
    const { clock, jitter, random } = this.#options
    const planned = this.#base + this.#step * this.#intervalMs
    const dueAt = jitter > 0 ? planned + random() * jitter * this.#intervalMs : planned
    this.#cancel = clock.at(dueAt, () => this.#tick(planned, dueAt))
  }

  #tick(planned: EpochMs, dueAt: EpochMs): void {
    const late = this.#options.clock.now() - dueAt
    const missed = Math.max(0, Math.floor(late / this.#intervalMs))
    this.#base = planned + missed * this.#intervalMs
    this.#step = 1
    this.#arm()
    this.#options.onTick(dueAt + missed * this.#intervalMs, missed)
  }
}
