import { performance } from 'node:perf_hooks'
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads'
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

/** Under which threads find the anchor of the process. */
export const ANCHOR = 'push-pull:clock-anchor'

/** What `performance.now()` of this thread counts from, by the monotonic clock that all threads share. */
function threadStart(): Ms {
  let [tightest, start] = [Number.POSITIVE_INFINITY, 0]
  // the thread may have to wait between two looks
  for (let look = 0; look < 5; look += 1) {
    const before = performance.now()
    const shared = Number(process.hrtime.bigint()) / 1e6
    const after = performance.now()
    if (after - before >= tightest) continue
    tightest = after - before
    start = shared - (before + after) / 2
  }
  return start
}

/** The epoch of the monotonic clock as the first thread of the process found it. */
function anchorOf(start: Ms): EpochMs {
  const known = getEnvironmentData(ANCHOR)
  if (typeof known === 'number') return known
  const anchor = performance.timeOrigin - start
  setEnvironmentData(ANCHOR, anchor)
  return anchor
}

const START = threadStart()
const ORIGIN: EpochMs = anchorOf(START) + START

/**
 * The clock of this process: the wall clock as it was when the process began, and from there on the monotonic clock.
 * When somebody sets the computer's clock, it goes on as if nothing had happened: no latency, age or schedule jumps
 * (the flag `CLOCK_STEP` tells of it). All threads have it alike; one that starts after such a step, too.
 */
export function systemClock(): Clock {
  const now = () => ORIGIN + performance.now()
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
