import type { Ms, Share } from '../../../lib/units.js'
import { logRange } from './duration-ticks.js'

/** Shares at or below each of `at`, ascending. */
export interface Cumulative {
  readonly at: readonly Ms[]
  readonly shares: readonly Share[]
}

/** Share of updates with a latency of at most `ms`, between the places of the curve along the logarithm. */
export function shareWithin({ at, shares }: Cumulative, ms: Ms): Share {
  const next = at.findIndex(place => place > ms)
  if (next === -1) return shares.at(-1) ?? 0
  const [left, right] = [at[next - 1], at[next]]
  if (left === undefined || right === undefined) return shares[0] ?? 0
  const [below, above] = [shares[next - 1] ?? 0, shares[next] ?? 0]
  return below + ((above - below) * Math.log(ms / left)) / Math.log(right / left)
}

/** Where the curve reaches a share: the inverse of `shareWithin`; null where it does not in the range of the axis. */
export function latencyOf({ at, shares }: Cumulative, share: Share): Ms | null {
  const place = shares.findIndex(reached => reached >= share)
  const right = at[place]
  if (right === undefined) return null
  const left = at[place - 1]
  if (left === undefined) return right
  const [below, above] = [shares[place - 1] ?? 0, shares[place] ?? 0]
  return left * (right / left) ** ((share - below) / (above - below))
}

/** What of the axis is in use: from where the first curve leaves 0 to where the last reaches 1, with round ends. */
export function rangeInUse(
  curves: readonly Cumulative[],
  targets: readonly Ms[],
  bounds: readonly [Ms, Ms]
): readonly [Ms, Ms] {
  const ends = [...targets]
  for (const { at, shares } of curves) {
    const begin = shares.findIndex(share => share > 0)
    const end = shares.findIndex(share => share >= 0.9999)
    ends.push(at[Math.max(0, begin - 1)] ?? bounds[0], end === -1 ? bounds[1] : (at[end] ?? bounds[1]))
  }
  if (ends.length === 0) return bounds
  const [least, most] = [Math.max(bounds[0], Math.min(...ends)), Math.min(bounds[1], Math.max(...ends))]
  const [min, max] = logRange(least, Math.max(most, least * 10))
  return [Math.max(bounds[0], min), Math.min(bounds[1], max)]
}
