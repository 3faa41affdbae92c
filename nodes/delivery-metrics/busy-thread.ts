import { performance } from 'node:perf_hooks'
import type { Clock } from '../../lib/clock.js'
import type { Share } from '../../lib/units.js'

/** What is told is about so much time at least, and at most twice as much if asked often. */
const LEAST_MS = 5000

/**
 * How busy the event loop of this thread was of late; null before it is known.
 * @param measure - `performance.eventLoopUtilization`
 */
export function busyThread(
  clock: Clock,
  measure: typeof performance.eventLoopUtilization = performance.eventLoopUtilization
): () => Share | null {
  let newer = { at: clock.now(), elu: measure() }
  let older = newer
  return () => {
    const now = { at: clock.now(), elu: measure() }
    if (now.at - newer.at >= LEAST_MS) {
      older = newer
      newer = now
    }
    return now.at - older.at >= LEAST_MS ? measure(now.elu, older.elu).utilization : null
  }
}
