import type { LaneReport } from '../../../lib/metrics/report.js'
import type { DecisionFacts, DecisionSettings } from '../../../lib/theory/decision.js'
import type { Gaps } from '../../../lib/theory/gaps.js'
import type { PicturedLane } from '../charts/chart-picture.js'
import { DAY_S, type FrontierAxes, type FrontierPlace } from './frontier-axes.js'

export interface FrontierLane
  extends PicturedLane<
    Pick<LaneReport, 'name' | 'model' | 'stream' | 'intervalMs' | 'updates' | 'latencyMs' | 'ageMs'> &
      Pick<LaneReport, 'exchanges' | 'bytes'>
  > {}

/** What was measured of one lane, and where that lies. */
export interface MeasuredLane {
  readonly lane: FrontierLane
  /** Null while its cost or its freshness is not known. */
  readonly place: FrontierPlace | null
}

/** The lanes of a stream as they would cost and do with the planned clients, in real time. */
export function measuredLanes(
  lanes: readonly FrontierLane[],
  { stream, speed }: Pick<DecisionFacts, 'stream' | 'speed'>,
  gaps: Gaps,
  { clients }: Pick<DecisionSettings, 'clients'>,
  axes: FrontierAxes
): readonly MeasuredLane[] {
  const updatesPerDay = gaps.total > 0 ? ((gaps.count * 1000) / (gaps.total * speed)) * DAY_S : null
  return lanes
    .filter(({ report }) => report.stream === stream)
    .map(lane => {
      const { report } = lane
      const fresh = axes.fresh === 'latency' ? (report.latencyMs?.mean ?? null) : report.ageMs.mean
      const perUpdate = costPerUpdate(report, axes)
      if (updatesPerDay === null || fresh === null || fresh <= 0 || perUpdate === null)
        return { lane, place: null }
      return { lane, place: { cost: perUpdate * updatesPerDay * clients, freshMs: fresh * speed } }
    })
}

/** What one client spends for each update that is generated; null while it is not known. */
function costPerUpdate(
  { model, updates, exchanges, bytes }: FrontierLane['report'],
  { cost }: FrontierAxes
): number | null {
  if (cost === 'requests' && model === 'push') return 0
  const { generated, delivered } = updates
  if (generated === null || generated === 0) return null
  if (cost === 'requests') return exchanges.requests === null ? null : exchanges.requests / generated
  return bytes.perUpdate === null ? null : (bytes.perUpdate * delivered) / generated
}
