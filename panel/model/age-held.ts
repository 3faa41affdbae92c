import type { EpochMs } from '../../lib/units.js'
import type { Gap } from './tracks.js'

/** From `from` on the freshest update held is of `generated`; null: nothing is held, or nobody knows. */
export interface Held {
  readonly from: EpochMs
  readonly generated: EpochMs | null
}

/** What of a delivery decides about age. */
export interface Arrival {
  readonly received: EpochMs
  /** Null: nobody knows, and the delivery changes nothing. */
  readonly generated: EpochMs | null
}

/**
 * What a lane held over a window: one entry for the state at the left edge, then one per drop of its age.
 * Catch-up counts, and an update older than the freshest one leaves the state alone.
 *
 * @param arrivals - by instant of arrival; those before the window tell what is held at its left edge
 * @param gaps - times of which arrivals are missing: what is held is not known until the next arrival
 */
export function heldOver(
  arrivals: Iterable<Arrival>,
  gaps: readonly Gap[],
  { from, to }: { readonly from: EpochMs; readonly to: EpochMs }
): readonly Held[] {
  const held: Held[] = [{ from, generated: null }]
  let freshest: EpochMs | null = null
  let passed = 0
  const becomes = (at: EpochMs, generated: EpochMs | null): void => {
    freshest = generated
    if (at <= from) held[0] = { from, generated }
    else if (at <= to) held.push({ from: at, generated })
  }
  const passGaps = (until: EpochMs): void => {
    for (let gap = gaps[passed]; gap !== undefined && gap.from < until; gap = gaps[passed]) {
      if (freshest !== null) becomes(gap.from, null)
      passed += 1
    }
  }
  for (const { received, generated } of arrivals) {
    if (received > to) break
    passGaps(received)
    if (generated !== null && (freshest === null || generated > freshest)) becomes(received, generated)
  }
  passGaps(to)
  return held
}

/** Age at an instant; null where nothing is known. */
export function ageAt(held: readonly Held[], at: EpochMs): number | null {
  let [low, high] = [0, held.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((held[middle]?.from ?? 0) <= at) low = middle + 1
    else high = middle
  }
  const generated = held[low - 1]?.generated ?? null
  return generated === null ? null : at - generated
}
