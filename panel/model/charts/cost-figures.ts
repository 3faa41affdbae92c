import type { Flag, LaneReport } from '../../../lib/metrics/report.js'
import type { Share } from '../../../lib/units.js'
import { flagsOn, whyUnknown } from '../why-unknown.js'

export type CostName = 'requests' | 'bytes' | 'empty' | 'open' | 'busy' | 'cpu'

/** Why a cost is not known: the words of a flag, or one of the usual reasons. */
export type CostGap =
  | { readonly kind: 'flag'; readonly flag: Flag }
  | { readonly kind: 'no-polls' | 'no-update' | 'no-answer' | 'external' | 'platform' | 'not-told' }

export interface CostBar {
  readonly lane: string
  /** Null: not known, and `gap` says why. */
  readonly value: number | null
  /** Length of the bar: a share of the figure's scale. */
  readonly length: Share
  /** The least of several lanes of one stream, when all of them may be compared. */
  readonly least: boolean
  readonly gap: CostGap | null
  /** What makes the value one of several lanes together. */
  readonly shared: Flag | null
}

export interface CostFigure {
  readonly name: CostName
  readonly bars: readonly CostBar[]
}

type CostLane = {
  readonly key: string
  readonly report: Pick<LaneReport, 'model' | 'stream' | 'updates' | 'exchanges' | 'bytes' | 'connections'> &
    Pick<LaneReport, 'server' | 'flags'>
}

interface Cost {
  readonly name: CostName
  /** Where the report has it: flags name it so. */
  readonly path: string
  readonly value: (report: CostLane['report']) => number | null
  /** Why it is null, when no flag says so. */
  readonly gap: (report: CostLane['report']) => Exclude<CostGap['kind'], 'flag'>
  /** End of the scale; null: the greatest value. */
  readonly scale: number | null
}

const ofUpdates = ({ updates }: CostLane['report']) => (updates.delivered === 0 ? 'no-update' : 'not-told')
const ofServer = ({ bytes }: CostLane['report']) => (bytes.sent === null ? 'not-told' : 'external')

const COSTS: readonly Cost[] = [
  {
    name: 'requests',
    path: 'exchanges.requestsPerUpdate',
    value: ({ exchanges }) => exchanges.requestsPerUpdate,
    gap: ofUpdates,
    scale: null
  },
  {
    name: 'bytes',
    path: 'bytes.perUpdate',
    value: ({ bytes }) => bytes.perUpdate,
    gap: ofUpdates,
    scale: null
  },
  {
    name: 'empty',
    path: 'exchanges.emptyShare',
    value: ({ exchanges }) => exchanges.emptyShare,
    gap: ({ model, exchanges }) =>
      model === 'push' ? 'no-polls' : exchanges.requests === null ? 'not-told' : 'no-answer',
    scale: 1
  },
  {
    name: 'open',
    path: 'connections.open',
    value: ({ connections }) => connections.open,
    gap: () => 'not-told',
    scale: null
  },
  {
    name: 'busy',
    path: 'server.busyShare',
    value: ({ server }) => server?.busyShare ?? null,
    gap: ofServer,
    scale: null
  },
  {
    name: 'cpu',
    path: 'server.cpuMicrosPerUpdate',
    value: ({ server }) => server?.cpuMicrosPerUpdate ?? null,
    gap: report =>
      report.server === null ? ofServer(report) : report.updates.generated === 0 ? 'no-update' : 'platform',
    scale: null
  }
]

/** What each lane costs, figure by figure; the bars of one figure share a scale. */
export function costFigures(lanes: readonly CostLane[]): readonly CostFigure[] {
  return COSTS.map(cost => {
    const values = lanes.map(({ report }) => cost.value(report))
    const known = values.filter(value => value !== null)
    const scale = cost.scale ?? Math.max(0, ...known)
    return {
      name: cost.name,
      bars: lanes.map(({ key, report }, place) => {
        const value = values[place] ?? null
        return {
          lane: key,
          value,
          length: value === null || scale <= 0 ? 0 : Math.min(1, Math.max(0, value / scale)),
          least: value !== null && report.updates.delivered > 0 && isLeast(cost, value, report.stream, lanes),
          gap: value === null ? gapOf(cost, report) : null,
          shared:
            value === null
              ? null
              : (flagsOn(report, cost.path).find(({ code }) => code === 'COSTS_SHARED') ?? null)
        }
      })
    }
  })
}

function gapOf(cost: Cost, report: CostLane['report']): CostGap {
  // a subscription asks nothing, whatever is wired
  if (cost.name === 'empty' && report.model === 'push') return { kind: 'no-polls' }
  const flag = whyUnknown(report, cost.path)
  return flag === null ? { kind: cost.gap(report) } : { kind: 'flag', flag }
}

/**
 * Only among lanes of one stream, when they differ and nothing spoils any of them; one that has delivered nothing has
 * not cost anything for it.
 */
function isLeast(cost: Cost, value: number, stream: string, lanes: readonly CostLane[]): boolean {
  const rivals = lanes.filter(
    ({ report }) => report.stream === stream && report.updates.delivered > 0 && cost.value(report) !== null
  )
  return (
    rivals.every(({ report }) => (cost.value(report) ?? value) >= value) &&
    rivals.some(({ report }) => (cost.value(report) ?? value) > value) &&
    rivals.every(({ report }) => flagsOn(report, cost.path).length === 0)
  )
}
