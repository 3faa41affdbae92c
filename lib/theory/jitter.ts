import type { Ms, Share } from '../units.js'

/**
 * Two ticks with jitter j are T(1 + jδ) apart, δ the difference of two uniform numbers: its density is 1 − |δ|
 * between −1 and 1. Means over δ are taken at the middles of so many strips of equal probability.
 */
const STRIPS = 64

const DELTAS: readonly number[] = Array.from({ length: STRIPS }, (_, strip) => {
  const below = (strip + 0.5) / STRIPS
  return below < 0.5 ? Math.sqrt(2 * below) - 1 : 1 - Math.sqrt(2 * (1 - below))
})

/** The mean of `of` over the times between two polls; exact without jitter. @param jitter - share of the interval, 0 to 1 */
export function meanOverIntervals(intervalMs: Ms, jitter: Share, of: (betweenMs: Ms) => number): number {
  if (jitter === 0) return of(intervalMs)
  let sum = 0
  for (const delta of DELTAS) sum += of(intervalMs * (1 + jitter * delta))
  return sum / STRIPS
}

/** Mean wait for the next poll, of an update at any instant: T/2 · (1 + j²/6) (MEASURING, phase and jitter). */
export function meanWaitMs(intervalMs: Ms, jitter: Share): Ms {
  return (intervalMs / 2) * (1 + jitter ** 2 / 6)
}

/** Share of the updates that wait at most `waitMs` for the next poll: 1 − E max(0, I − wait)/T, exact. */
export function waitShare(waitMs: Ms, intervalMs: Ms, jitter: Share): Share {
  if (waitMs < 0) return 0
  if (intervalMs <= 0) return 1
  const rest = 1 - waitMs / intervalMs
  return 1 - (jitter > 0 ? jitter * meanAbove(-rest / jitter) : Math.max(0, rest))
}

/** E max(0, δ − c). */
function meanAbove(c: number): number {
  if (c <= -1) return -c
  if (c >= 1) return 0
  return c <= 0 ? (1 + c) ** 3 / 6 - c : (1 - c) ** 3 / 6
}
