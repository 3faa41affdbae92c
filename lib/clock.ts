import { performance } from 'node:perf_hooks'
import type { EpochMs, Ms } from './units.js'

/** Takes back what it was returned for; calling it again does nothing. */
export type Cancel = () => void

/** The only source of time in `lib/`: an epoch that advances with the monotonic clock, and timers on it. */
export interface Clock {
  /** Epoch ms with a microsecond fraction; never goes backwards. */
  now(): EpochMs
  /** Calls `run` once, at `instant` (up to 1 ms early, as Node's timers do) or as soon as possible after it. */
  at(instant: EpochMs, run: () => void): Cancel
}

/** The longest delay that one Node timer takes: 2^31 − 1 ms; longer waits are split. */
const LONGEST_TIMER: Ms = 2 ** 31 - 1

/** The clock of this thread: `performance.timeOrigin + performance.now()`. */
export function systemClock(): Clock {
  const { timeOrigin } = performance
  const now = () => timeOrigin + performance.now()
  return {
    now,
    at(instant, run) {
      let timer: NodeJS.Timeout
      const arm = () => {
        const wait = instant - now()
        timer = setTimeout(wait > LONGEST_TIMER ? arm : run, Math.min(Math.max(wait, 0), LONGEST_TIMER))
      }
      arm()
      return () => clearTimeout(timer)
    }
  }
}

/** Resolves after `ms` on `clock`; rejects with the signal's reason when aborted. */
export function delay(clock: Clock, ms: Ms, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason)
      return
    }
    const aborted = () => {
      cancel()
      reject(signal?.reason)
    }
    const cancel = clock.at(clock.now() + ms, () => {
      signal?.removeEventListener('abort', aborted)
      resolve()
    })
    signal?.addEventListener('abort', aborted, { once: true })
  })
}
