import type { Ms } from '../units.js'
import type { Advice } from './decision.js'
import { DAY_MS, hasTraffic, pullCosts, pushCosts, rateOf, type Situation } from './situation.js'

const STEPS = 60
/** Factors on the rate within which a break-even is looked for. */
const FACTOR = 1e9
const LONGEST_MS: Ms = 365 * DAY_MS

/**
 * Where pull and push come out even for this traffic: null where a cost is not known, or where they never do.
 * @param intervalMs - the advised interval
 */
export function breakEven(situation: Situation, intervalMs: Ms | null): Advice['breakEven'] {
  const { maxRequestsPerSecond } = situation.settings
  return {
    ratePerSecond: intervalMs === null ? null : bytesRate(situation, intervalMs),
    bytesIntervalMs: bytesInterval(situation),
    clients:
      intervalMs === null || maxRequestsPerSecond === null
        ? null
        : Math.floor((maxRequestsPerSecond * intervalMs) / 1000)
  }
}

/** Bytes of polling fall with the interval: one crossing at most. */
function bytesInterval(situation: Situation): Ms | null {
  if (!hasTraffic(situation)) return null
  const push = pushCosts(situation).bytesPerDay
  if (push === null || push <= 0) return null
  return crossing(1e-3, LONGEST_MS, intervalMs => {
    const pull = pullCosts(situation, intervalMs).bytesPerDay
    return pull === null ? null : push - pull
  })
}

/** At a fixed interval bytes of polling level off with the rate, those of push do not: one crossing at most. */
function bytesRate(situation: Situation, intervalMs: Ms): number | null {
  if (!hasTraffic(situation)) return null
  const factor = crossing(1 / FACTOR, FACTOR, faster => {
    const other = { ...situation, stretch: situation.stretch / faster }
    const [push, pull] = [pushCosts(other).bytesPerDay, pullCosts(other, intervalMs).bytesPerDay]
    return push === null || pull === null ? null : push - pull
  })
  return factor === null ? null : factor * rateOf(situation)
}

/**
 * Where a function that is negative before and positive behind crosses 0, by bisection of the logarithm.
 * @returns null when it is nowhere between, or when the function knows no value
 */
export function crossing(low: number, high: number, of: (at: number) => number | null): number | null {
  const [first, last] = [of(low), of(high)]
  if (first === null || last === null || first > 0 || last < 0) return null
  let [from, to] = [low, high]
  for (let step = 0; step < STEPS && to / from > 1 + 1e-12; step += 1) {
    const between = Math.sqrt(from * to)
    if ((of(between) ?? 0) < 0) from = between
    else to = between
  }
  return to
}
