import type { LaneReport, Report } from '../../lib/metrics/report.js'
import type { Ms } from '../../lib/units.js'

/**
 * The freshness target as latencies of these lanes are measured, each value once, ascending: it is meant in real
 * time, and replayed traffic runs faster (MEASURING, replayed traffic).
 */
export function targetsOf(
  { target, streams }: Pick<Report, 'target' | 'streams'>,
  lanes: readonly { readonly report: Pick<LaneReport, 'stream'> }[]
): readonly Ms[] {
  const shown = new Set(lanes.map(({ report }) => report.stream))
  const speeds = streams.filter(({ stream }) => shown.has(stream)).map(({ speed }) => speed ?? 1)
  const targets = new Set((speeds.length > 0 ? speeds : [1]).map(speed => target.ms / speed))
  return [...targets].sort((one, other) => one - other)
}
