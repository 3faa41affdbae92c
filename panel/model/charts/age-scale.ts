import type { Ms } from '../../../lib/units.js'
import type { AgeLines } from './age-lines.js'
import { linearRange, logRange } from './duration-ticks.js'

/** Lanes whose greatest ages differ by more than this are flat lines on one linear axis. */
const FAR = 50
/** Once logarithmic, until they differ by less than this: the axis must not change to and fro. */
const NEAR = 25
/** A target this much above every age would only make the lines flat. */
const TARGET_ROOM = 2.5
/** Least age on a logarithmic axis. */
const LEAST: Ms = 0.1

/** Whether the axis of age should be logarithmic. */
export function wantsLog(lines: AgeLines, isLog: boolean): boolean {
  const peaks = lines.ages.map(greatest).filter(peak => peak > 0)
  return peaks.length > 1 && Math.max(...peaks) / Math.min(...peaks) > (isLog ? NEAR : FAR)
}

/**
 * Range of the axis of age: round, so that it rests while the sawteeth move.
 * @param most - numbers that the axis has room for
 */
export function ageRange(
  lines: AgeLines,
  { targets, log, most }: { readonly targets: readonly Ms[]; readonly log: boolean; readonly most: number }
): readonly [Ms, Ms] {
  const peak = Math.max(...lines.ages.map(greatest))
  const least = Math.min(...lines.ages.map(smallest))
  const top = Number.isFinite(peak) && peak > 0 ? peak : (targets[0] ?? 1000)
  if (log) {
    const bottom = Number.isFinite(least) ? Math.min(top / 10, Math.max(LEAST, least)) : top / 100
    const inside = targets.filter(target => target > bottom / 20 && target < top * 20)
    return logRange(Math.min(bottom, ...inside), Math.max(top, ...inside))
  }
  const inside = targets.filter(target => target <= top * TARGET_ROOM)
  return linearRange(Number.isFinite(least) ? Math.min(0, least) : 0, Math.max(top, ...inside), most)
}

const greatest = (values: readonly (Ms | null | undefined)[]): Ms =>
  values.reduce<Ms>((most, value) => (value != null && value > most ? value : most), Number.NEGATIVE_INFINITY)
const smallest = (values: readonly (Ms | null | undefined)[]): Ms =>
  values.reduce<Ms>(
    (least, value) => (value != null && value < least ? value : least),
    Number.POSITIVE_INFINITY
  )
