import type { LaneReport } from './report.js'

/** What a figure counts in; `micros` are microseconds of CPU. */
export type FigureUnit = 'ms' | 'micros' | 'share' | 'count' | 'ratio' | 'bytes'
export type FigureGroup = 'freshness' | 'updates' | 'requests' | 'bytes' | 'connections' | 'server'

/** One number of a lane, as tables of lanes show it. */
export interface Figure {
  /** Its path in `LaneReport`: also what flags name in `spoils`. */
  readonly key: string
  readonly group: FigureGroup
  readonly unit: FigureUnit
  /** Which lane has the better value; null where neither is better. */
  readonly better: 'less' | 'more' | null
  /** It belongs to the details, and not to the first look. */
  readonly more: boolean
  /** Null: it cannot be known. */
  readonly of: (lane: LaneReport) => number | null
}

type Values<K extends string> = (lane: LaneReport) => Readonly<Record<K, number | null>> | null
type Line<K extends string> = readonly [K, FigureUnit, Figure['better'], 'more'?]

/** Figures that stand side by side in one object of the lane. */
function figuresOf<K extends string>(
  path: string,
  group: FigureGroup,
  values: Values<K>,
  lines: readonly Line<K>[]
): readonly Figure[] {
  return lines.map(([name, unit, better, more]) => ({
    key: path === '' ? name : `${path}.${name}`,
    group,
    unit,
    better,
    more: more !== undefined,
    of: lane => values(lane)?.[name] ?? null
  }))
}

/** Every figure of a lane, in the order in which tables show them. */
export const figures: readonly Figure[] = [
  ...figuresOf('latencyMs', 'freshness', lane => lane.latencyMs, [
    ['mean', 'ms', 'less'],
    ['p50', 'ms', 'less'],
    ['p99', 'ms', 'less'],
    ['min', 'ms', null, 'more'],
    ['p90', 'ms', 'less', 'more'],
    ['p999', 'ms', 'less', 'more'],
    ['max', 'ms', 'less', 'more']
  ]),
  ...figuresOf('', 'freshness', lane => lane, [
    ['targetShare', 'share', 'more'],
    ['freshShare', 'share', 'more'],
    ['versionsBehind', 'ratio', 'less']
  ]),
  ...figuresOf('ageMs', 'freshness', lane => lane.ageMs, [
    ['mean', 'ms', 'less'],
    ['peakMean', 'ms', 'less', 'more'],
    ['max', 'ms', 'less', 'more'],
    ['now', 'ms', null, 'more']
  ]),
  ...figuresOf('behindFirstMs', 'freshness', lane => lane.behindFirstMs, [
    ['mean', 'ms', 'less', 'more'],
    ['p99', 'ms', 'less', 'more']
  ]),
  // no lane is better by these: a poll that skips much looks fast
  ...figuresOf('latencyDeliveredMs', 'freshness', lane => lane.latencyDeliveredMs, [
    ['mean', 'ms', null, 'more'],
    ['p99', 'ms', null, 'more']
  ]),
  ...figuresOf('updates', 'updates', lane => lane.updates, [
    ['generated', 'count', null],
    ['delivered', 'count', null],
    ['superseded', 'count', 'less'],
    ['lost', 'count', 'less'],
    ['pending', 'count', null],
    ['duplicate', 'count', 'less'],
    ['outOfOrder', 'count', 'less', 'more'],
    ['catchUp', 'count', null, 'more']
  ]),
  ...figuresOf('exchanges', 'requests', lane => lane.exchanges, [
    ['requests', 'count', null],
    ['requestsPerUpdate', 'ratio', 'less'],
    ['emptyShare', 'share', 'less'],
    ['errors', 'count', 'less'],
    ['timeouts', 'count', 'less'],
    ['empty', 'count', null, 'more'],
    ['notModified', 'count', null, 'more'],
    ['throttled', 'count', 'less', 'more'],
    ['skipped', 'count', 'less', 'more']
  ]),
  ...figuresOf('bytes', 'bytes', lane => lane.bytes, [
    ['perUpdate', 'bytes', 'less'],
    ['sent', 'bytes', null, 'more'],
    ['received', 'bytes', null, 'more']
  ]),
  ...figuresOf('connections', 'connections', lane => lane.connections, [
    ['open', 'count', null, 'more'],
    ['opened', 'count', 'less', 'more'],
    ['reconnects', 'count', 'less', 'more']
  ]),
  ...figuresOf('server', 'server', lane => lane.server, [
    ['busyShare', 'share', 'less', 'more'],
    ['cpuMicrosPerUpdate', 'micros', 'less', 'more'],
    ['dropped', 'count', null, 'more'],
    ['refused', 'count', null, 'more']
  ]),
  ...figuresOf('scheduleLagMs', 'server', lane => lane.scheduleLagMs, [
    ['p50', 'ms', null, 'more'],
    ['p99', 'ms', null, 'more']
  ]),
  ...figuresOf('clock', 'server', lane => lane.clock, [
    ['offsetMs', 'ms', null, 'more'],
    ['errorMs', 'ms', null, 'more']
  ])
]
