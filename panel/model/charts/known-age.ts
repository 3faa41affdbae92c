import type { LaneReport } from '../../../lib/metrics/report.js'
import { Recent } from '../recent.js'
import type { Tracks } from '../tracks.js'
import type { Arrival, Known } from './age-held.js'
import type { HeldBefore } from './held-before.js'

const NO_ARRIVALS = new Recent<Arrival>(1, ({ received }) => received)

/** All that tells the age of a lane. After its end nobody holds anything: its age ends with its last record. */
export function knownAge(
  { key, report }: { readonly key: string; readonly report: Pick<LaneReport, 'flags'> },
  tracks: Tracks,
  before: HeldBefore
): Known {
  const track = tracks.track(key)
  const known = { arrivals: track?.deliveries ?? NO_ARRIVALS, before: before.of(key) }
  if (!report.flags.some(({ code }) => code === 'LANE_ENDED')) return { ...known, gaps: tracks.gaps }
  const end = Math.max(
    track?.deliveries.at(track.deliveries.length - 1)?.received ?? Number.NEGATIVE_INFINITY,
    track?.exchanges.at(track.exchanges.length - 1)?.ended ?? Number.NEGATIVE_INFINITY
  )
  const gaps = tracks.gaps.filter(({ from }) => from < end)
  return { ...known, gaps: [...gaps, { from: end, until: Number.POSITIVE_INFINITY }] }
}
