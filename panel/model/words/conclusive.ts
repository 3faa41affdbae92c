import { FOR_MEAN, FOR_P99 } from '../../../lib/metrics/enough.js'
import type { Flag, LaneReport } from '../../../lib/metrics/report.js'
import type { Share } from '../../../lib/units.js'

/**
 * Updates from which on a mean may be a headline: a poll's latencies are uniform on one interval, so its mean is
 * known to ± 20 % (MEASURING asks 513 for ± 5 %).
 */
export const ENOUGH_FOR_MEAN = 32
/** Below this not even an early figure is told: a poll's mean is not known to ± 40 %. */
export const EARLIEST_FOR_MEAN = 8
/** Updates that a 95 % interval of p99 needs (MEASURING, validity). */
export const ENOUGH_FOR_P99 = FOR_P99
/** Updates from which on a poll's mean is known to ± 5 %. */
export const PRECISE_MEAN = FOR_MEAN

/** Half the 95 % interval of the mean of n values, as a share of it: values uniform on [0, T] have the deviation T/√12. */
export const meanTolerance = (count: number): Share => 1.96 / Math.sqrt(3 * count)

/** Significant digits that a mean of so many values is worth. */
export const meanDigits = (count: number): number =>
  count < ENOUGH_FOR_MEAN ? 1 : count < PRECISE_MEAN ? 2 : 3

/** Whether a flag names a figure, or all that stand with it. `path` as in `Figure.key`. */
export const spoils = (flag: Flag, path: string): boolean =>
  flag.spoils.some(spoiled => path === spoiled || path.startsWith(`${spoiled}.`))

/** The flag that makes a figure of a lane inconclusive; null for none. */
export function spoilerOf(lane: LaneReport, path: string): Flag | null {
  const count = lane.latencyMs?.count ?? 0
  const isOld = (flag: Flag): boolean =>
    flag.code === 'TOO_FEW' && path === 'latencyMs.mean' && count >= ENOUGH_FOR_MEAN
  return lane.flags.find(flag => spoils(flag, path) && !isOld(flag)) ?? null
}

/** A figure when nothing spoils it. */
export const conclusive = <T>(lane: LaneReport, path: string, value: T | null): T | null =>
  spoilerOf(lane, path) === null ? value : null
