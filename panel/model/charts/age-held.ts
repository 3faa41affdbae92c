import type { EpochMs, Ms } from '../../../lib/units.js'
import type { Recent } from '../recent.js'
import type { Gap } from '../tracks.js'

/**
 * What a lane held over a window: from `from[i]` on the freshest update is of `generated[i]`, which is NaN while
 * nothing is held, or nobody knows. The first entry is of the left edge, the others are the drops of the age.
 * Two lists of numbers, because at 200 updates a second one object for each is too much.
 */
export interface Held {
  readonly from: readonly EpochMs[]
  readonly generated: readonly EpochMs[]
}

/** What of a delivery decides about age. */
export interface Arrival {
  readonly received: EpochMs
  /** Null: nobody knows, and the delivery changes nothing. */
  readonly generated: EpochMs | null
}

export interface Known {
  /** By instant of arrival. */
  readonly arrivals: Pick<Recent<Arrival>, 'length' | 'at' | 'indexFrom'>
  /** What was held before them, and since when that is known. */
  readonly before: Arrival | null
  /** Times of which arrivals are missing: what is held is not known until the next one. */
  readonly gaps: readonly Gap[]
}

/** Arrivals before the window in which the freshest one is looked for: networks reorder neighbours only. */
const LOOK_BACK = 200

/** Catch-up counts, and an update older than the freshest one leaves the state alone. */
export function heldOver(
  { arrivals, before, gaps }: Known,
  { from, to }: { readonly from: EpochMs; readonly to: EpochMs }
): Held {
  const held = { from: [from], generated: [Number.NaN] }
  let freshest = Number.NaN
  let passed = 0
  const becomes = (at: EpochMs, generated: EpochMs): void => {
    freshest = generated
    if (at <= from) held.generated[0] = generated
    else if (at <= to) {
      held.from.push(at)
      held.generated.push(generated)
    }
  }
  const passGaps = (until: EpochMs): void => {
    for (let gap = gaps[passed]; gap !== undefined && gap.from < until; gap = gaps[passed]) {
      if (!Number.isNaN(freshest)) becomes(gap.from, Number.NaN)
      passed += 1
    }
  }
  const arrives = (received: EpochMs, generated: EpochMs | null): void => {
    if (passed < gaps.length) passGaps(received)
    if (generated !== null && !(generated <= freshest)) becomes(received, generated)
  }
  let earlier = before
  for (let index = Math.max(0, arrivals.indexFrom(from) - LOOK_BACK); index < arrivals.length; index += 1) {
    const arrival = arrivals.at(index)
    if (arrival === undefined || arrival.received > to) break
    if (earlier !== null && earlier.received <= arrival.received) {
      arrives(earlier.received, earlier.generated)
      earlier = null
    }
    arrives(arrival.received, arrival.generated)
  }
  if (earlier !== null && earlier.received <= to) arrives(earlier.received, earlier.generated)
  passGaps(to)
  return held
}

/** Age at an instant; null where nothing is known. */
export function ageAt({ from, generated }: Held, at: EpochMs): Ms | null {
  let [low, high] = [0, from.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((from[middle] ?? 0) <= at) low = middle + 1
    else high = middle
  }
  const age = at - (generated[low - 1] ?? Number.NaN)
  return Number.isNaN(age) ? null : age
}
