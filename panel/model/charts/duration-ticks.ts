import type { Ms } from '../../../lib/units.js'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Steps that people count time in, from a second up; below they are decimal. */
const STEPS: readonly Ms[] = [
  ...[1, 2, 5, 10, 15, 20, 30].map(count => count * SECOND),
  ...[1, 2, 5, 10, 15, 20, 30].map(count => count * MINUTE),
  ...[1, 2, 3, 6, 12].map(count => count * HOUR)
]
/** Round places of a logarithmic axis of time. */
const DECADES: readonly Ms[] = [
  ...[-3, -2, -1, 0, 1, 2, 3, 4].map(power => 10 ** power),
  MINUTE,
  10 * MINUTE,
  HOUR,
  10 * HOUR,
  ...[0, 1, 2, 3].map(power => DAY * 10 ** power)
]
/** Where a logarithmic axis may end. */
const ENDS: readonly Ms[] = [-3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].flatMap(power =>
  [1, 2, 5].map(digit => digit * 10 ** power)
)

/** At most `most` round durations within `min` and `max`, in equal steps that include 0. */
export function linearTicks(min: Ms, max: Ms, most: number): readonly Ms[] {
  const step = stepFor((max - min) / Math.max(1, most - 1))
  const ticks: Ms[] = []
  for (let count = Math.ceil(min / step - 1e-9); count * step <= max + step * 1e-9; count += 1)
    ticks.push(count === 0 ? 0 : count * step)
  return ticks
}

/** At most `most` of 0.1 ms, 1 ms … 10 s, 1 min, 10 min, 1 h, … within `min` and `max`. */
export function logTicks(min: Ms, max: Ms, most: number): readonly Ms[] {
  const inside = DECADES.filter(tick => tick >= min * 0.999 && tick <= max * 1.001)
  const every = Math.ceil(inside.length / Math.max(1, most))
  return inside.filter((_, place) => place % every === 0)
}

/**
 * The smallest linear range from 0, or from a little below it, that ends at a tick: at most `most` of them. It rests
 * while the values move.
 */
export function linearRange(least: Ms, greatest: Ms, most: number): readonly [Ms, Ms] {
  const step = stepFor(Math.max(greatest, -least, 1e-3) / Math.max(1, most - 1))
  const below = least < 0 ? (ENDS.find(end => end >= -least) ?? -least) : 0
  const above = Math.ceil(greatest / step - 1e-9) * step
  return [-below || 0, greatest > 0 ? above : below > 0 ? 0 : step]
}

/** The smallest logarithmic range with round ends around two durations, both above 0. */
export function logRange(least: Ms, greatest: Ms): readonly [Ms, Ms] {
  const min = ENDS.findLast(end => end <= least * 1.0001) ?? ENDS[0] ?? least
  const max = ENDS.find(end => end >= greatest * 0.9999) ?? ENDS.at(-1) ?? greatest
  return min < max ? [min, max] : [min / 2, max * 2]
}

function stepFor(least: Ms): Ms {
  const inWords = STEPS.find(step => step >= least)
  if (inWords !== undefined && least > SECOND / 2) return inWords
  const unit = inWords === undefined ? DAY : 1
  const power = 10 ** Math.floor(Math.log10(least / unit))
  const digit = [1, 2, 5, 10].find(candidate => candidate * power * unit >= least * 0.9999) ?? 10
  return digit * power * unit
}
