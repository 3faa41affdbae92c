import type { Outcome } from '../update/exchange.js'

/** How many polls ended how, as their exchanges said. */
export interface OutcomeCounts {
  requests: number
  empty: number
  notModified: number
  errors: number
  timeouts: number
  throttled: number
  skipped: number
}

/** Nothing counted yet. */
export function noOutcomes(): OutcomeCounts {
  return { requests: 0, empty: 0, notModified: 0, errors: 0, timeouts: 0, throttled: 0, skipped: 0 }
}

/** Counts how one poll ended; a skipped tick is no request. */
export function countOutcome(counts: OutcomeCounts, outcome: Outcome): void {
  if (outcome === 'skipped') {
    counts.skipped += 1
    return
  }
  counts.requests += 1
  if (outcome === 'empty') counts.empty += 1
  else if (outcome === 'not-modified') counts.notModified += 1
  else if (outcome === 'error') counts.errors += 1
  else if (outcome === 'timeout') counts.timeouts += 1
  else if (outcome === 'throttled') counts.throttled += 1
}

/** Whether the server answered with what it had. */
export const isAnswered = (outcome: Outcome): boolean =>
  outcome === 'updated' || outcome === 'empty' || outcome === 'not-modified'
