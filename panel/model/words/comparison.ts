import type { Distribution, Flag, LaneReport } from '../../../lib/metrics/report.js'
import type { Ms } from '../../../lib/units.js'
import { meanTolerance, spoils } from './conclusive.js'

/** How two lanes compare in time. */
export type Comparison =
  /** Nothing is known yet. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'unequal' | 'inconclusive'; readonly lane: LaneReport; readonly why: Flag }
  | {
      /** `latency`: mean latency of every update. `first`: by which lane had them first, a lower bound. */
      readonly kind: 'latency' | 'first'
      readonly soon: LaneReport
      readonly late: LaneReport
      readonly byMs: Ms
      /** Values behind the mean with the fewer. */
      readonly count: number
      /** The difference is within what means of so many values are worth. */
      readonly equal: boolean
    }

/** Flags about times of generation: which lane had an update first is known without them. */
const ABOUT_GENERATION: readonly string[] = [
  'CLOCK',
  'CLOCK_STEP',
  'CLOCK_UNKNOWN',
  'NO_GENERATION_TIME',
  'NO_GROUND_TRUTH',
  'ORIGIN_NOT_WIRED',
  'TIME_RESOLUTION',
  'TIME_ZONE_MISSING'
]

/** Compares the mean latency of two lanes, else how long after the first lane each had the updates. */
export function compare(a: LaneReport, b: LaneReport): Comparison {
  const unequal = flagged(
    [a, b],
    lane => lane.flags,
    ({ code }) => code === 'UNEQUAL'
  )
  if (unequal !== null) return { kind: 'unequal', ...unequal }
  const about = flagged([a, b], spoilersOf, ({ code }) => !ABOUT_GENERATION.includes(code))
  if (about !== null) return { kind: 'inconclusive', ...about }
  const spoilers = [...spoilersOf(a), ...spoilersOf(b)]
  if (spoilers.length === 0 && a.latencyMs !== null && b.latencyMs !== null)
    return inOrder('latency', [a, a.latencyMs], [b, b.latencyMs])
  if (a.behindFirstMs !== null && b.behindFirstMs !== null)
    return inOrder('first', [a, a.behindFirstMs], [b, b.behindFirstMs])
  return { kind: 'unknown' }
}

function flagged(
  lanes: readonly LaneReport[],
  flagsOf: (lane: LaneReport) => readonly Flag[],
  isIt: (flag: Flag) => boolean
): { readonly lane: LaneReport; readonly why: Flag } | null {
  for (const lane of lanes) {
    const why = flagsOf(lane).find(isIt)
    if (why !== undefined) return { lane, why }
  }
  return null
}

/** What spoils its mean latency, but for being young. */
function spoilersOf(lane: LaneReport): readonly Flag[] {
  return lane.flags.filter(flag => flag.code !== 'TOO_FEW' && spoils(flag, 'latencyMs.mean'))
}

function inOrder(
  kind: 'latency' | 'first',
  a: readonly [LaneReport, Distribution],
  b: readonly [LaneReport, Distribution]
): Comparison {
  const [[soon, less], [late, more]] = a[1].mean <= b[1].mean ? [a, b] : [b, a]
  const byMs = more.mean - less.mean
  const count = Math.min(less.count, more.count)
  const greater = Math.max(Math.abs(less.mean), Math.abs(more.mean))
  return { kind, soon, late, byMs, count, equal: byMs <= meanTolerance(count) * greater }
}
