import type { Cancel, Clock } from '../clock.js'
import type { EpochMs, Ms } from '../units.js'
import { type Arrival, type ArrivalOptions, arrivals } from './arrivals.js'
import { payloads } from './payload.js'

export interface WorkloadOptions extends ArrivalOptions {
  /** JSON length of a payload that is made. */
  readonly payloadBytes: number
  /** Ends after this many updates; null = endless. */
  readonly limit: number | null
}

/** One update, as it leaves the workload. */
export interface WorkloadUpdate {
  readonly payload: unknown
  /** The intended instant; how late it is may be negative by a timer's millisecond. */
  readonly dueAt: EpochMs
  /** Null when it is not replayed. */
  readonly speed: number | null
}

export interface WorkloadEvents {
  readonly clock: Clock
  onUpdate(update: WorkloadUpdate): void
  /** The limit or the end of the recording was reached. */
  onEnd(): void
}

/** A workload that was started. */
export interface Workload {
  readonly state: 'running' | 'paused' | 'ended'
  /** Updates made. */
  readonly count: number
  /** How late the last update left. */
  readonly lagMs: Ms
  pause(): void
  /** Goes on where it was: the schedule moves on by the length of the pause. */
  resume(): void
  /** Ends it for good; idempotent. */
  close(): void
}

/** So many updates at most in one turn while catching up; a burst is never split. */
const MOST_PER_TURN = 100

/**
 * Makes updates at t0 + offset, whatever happened before; t0 is now.
 *
 * ```
 * intended   a   b   c   d   e   f
 * event loop a   [ blocked ] bcde  f      late ones leave at once, in order, some hundred a turn
 * ```
 */
export function startWorkload(
  options: WorkloadOptions,
  { clock, onUpdate, onEnd }: WorkloadEvents
): Workload {
  const schedule = arrivals(options)
  const nextPayload = payloads(options.payloadBytes, options.seed)
  const speed = options.arrivals === 'replay' ? options.speed : null
  const limit = options.limit ?? Number.POSITIVE_INFINITY
  let start = clock.now()
  let state: Workload['state'] = 'running'
  let pausedAt = start
  let count = 0
  let lagMs: Ms = 0
  let cancel: Cancel | undefined
  let next = take()

  function take(): Arrival | undefined {
    const { done, value } = schedule.next()
    return done ? undefined : value
  }

  function arm(): void {
    // a consumer may pause and resume within its own update
    cancel?.()
    if (state !== 'running') return
    if (next && count < limit) cancel = clock.at(start + next.offsetMs, turn)
    else {
      state = 'ended'
      onEnd()
    }
  }

  function turn(): void {
    if (!next) return
    const now = clock.now()
    // the timer may be early: the update that it was set for is due all the same
    const until = Math.max(now - start, next.offsetMs)
    let last = next.offsetMs
    for (let sent = 0; next && next.offsetMs <= until && state === 'running' && count < limit; sent += 1) {
      if (sent >= MOST_PER_TURN && next.offsetMs !== last) break
      const arrival: Arrival = next
      last = arrival.offsetMs
      next = take()
      count += 1
      const dueAt = start + arrival.offsetMs
      lagMs = clock.now() - dueAt
      onUpdate({ payload: arrival.item ? arrival.item.payload : nextPayload(), dueAt, speed })
    }
    arm()
  }

  arm()
  return {
    get state() {
      return state
    },
    get count() {
      return count
    },
    get lagMs() {
      return lagMs
    },
    pause() {
      if (state !== 'running') return
      state = 'paused'
      pausedAt = clock.now()
      cancel?.()
    },
    resume() {
      if (state !== 'paused') return
      state = 'running'
      start += clock.now() - pausedAt
      arm()
    },
    close() {
      state = 'ended'
      cancel?.()
    }
  }
}
