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
  /** Its name in English, unit not included. */
  readonly title: string
  /** Null: it cannot be known. */
  readonly of: (lane: LaneReport) => number | null
}

type Values<K extends string> = (lane: LaneReport) => Readonly<Record<K, number | null>> | null
type Line<K extends string> = readonly [K, FigureUnit, Figure['better'], string, 'more'?]

/** Figures that stand side by side in one object of the lane. */
function figuresOf<K extends string>(
  path: string,
  group: FigureGroup,
  values: Values<K>,
  lines: readonly Line<K>[]
): readonly Figure[] {
  return lines.map(([name, unit, better, title, more]) => ({
    key: path === '' ? name : `${path}.${name}`,
    group,
    unit,
    better,
    more: more !== undefined,
    title,
    of: lane => values(lane)?.[name] ?? null
  }))
}

/** Every figure of a lane, in the order in which tables show them. */
export const figures: readonly Figure[] = [
  ...figuresOf('latencyMs', 'freshness', lane => lane.latencyMs, [
    ['mean', 'ms', 'less', 'Latency of every update, mean'],
    ['p50', 'ms', 'less', 'Latency of every update, median'],
    ['p99', 'ms', 'less', 'Latency of every update, 99 % within'],
    ['min', 'ms', null, 'Latency of every update, least', 'more'],
    ['p90', 'ms', 'less', 'Latency of every update, 90 % within', 'more'],
    ['p999', 'ms', 'less', 'Latency of every update, 99.9 % within', 'more'],
    ['max', 'ms', 'less', 'Latency of every update, greatest', 'more']
  ]),
  ...figuresOf('', 'freshness', lane => lane, [
    ['targetShare', 'share', 'more', 'Within the target'],
    ['freshShare', 'share', 'more', 'Time with the newest update'],
    ['versionsBehind', 'ratio', 'less', 'Updates behind, mean']
  ]),
  ...figuresOf('ageMs', 'freshness', lane => lane.ageMs, [
    ['mean', 'ms', 'less', 'Age, mean'],
    ['peakMean', 'ms', 'less', 'Age just before an update, mean', 'more'],
    ['max', 'ms', 'less', 'Age, greatest', 'more'],
    ['now', 'ms', null, 'Age now', 'more']
  ]),
  ...figuresOf('behindFirstMs', 'freshness', lane => lane.behindFirstMs, [
    ['mean', 'ms', 'less', 'Behind the first lane, mean', 'more'],
    ['p99', 'ms', 'less', 'Behind the first lane, 99 % within', 'more']
  ]),
  // no lane is better by these: a poll that skips much looks fast
  ...figuresOf('latencyDeliveredMs', 'freshness', lane => lane.latencyDeliveredMs, [
    ['mean', 'ms', null, 'Latency of delivered updates only, mean', 'more'],
    ['p99', 'ms', null, 'Latency of delivered updates only, 99 % within', 'more']
  ]),
  ...figuresOf('updates', 'updates', lane => lane.updates, [
    ['generated', 'count', null, 'Updates generated'],
    ['delivered', 'count', null, 'Updates delivered'],
    ['superseded', 'count', 'less', 'Updates superseded, never seen'],
    ['lost', 'count', 'less', 'Updates lost'],
    ['pending', 'count', null, 'Updates pending'],
    ['duplicate', 'count', 'less', 'Updates delivered twice'],
    ['outOfOrder', 'count', 'less', 'Updates out of order', 'more'],
    ['catchUp', 'count', null, 'Updates from before the start', 'more']
  ]),
  ...figuresOf('exchanges', 'requests', lane => lane.exchanges, [
    ['requests', 'count', null, 'Requests'],
    ['requestsPerUpdate', 'ratio', 'less', 'Requests per update'],
    ['emptyShare', 'share', 'less', 'Empty polls'],
    ['errors', 'count', 'less', 'Requests that failed'],
    ['timeouts', 'count', 'less', 'Requests timed out'],
    ['empty', 'count', null, 'Answers without a new update', 'more'],
    ['notModified', 'count', null, 'Answers “not modified”', 'more'],
    ['throttled', 'count', 'less', 'Requests throttled', 'more'],
    ['skipped', 'count', 'less', 'Polls skipped', 'more']
  ]),
  ...figuresOf('bytes', 'bytes', lane => lane.bytes, [
    ['perUpdate', 'bytes', 'less', 'Bytes per update, both ways'],
    ['sent', 'bytes', null, 'Bytes sent', 'more'],
    ['received', 'bytes', null, 'Bytes received', 'more']
  ]),
  ...figuresOf('connections', 'connections', lane => lane.connections, [
    ['open', 'count', null, 'Connections open', 'more'],
    ['opened', 'count', 'less', 'Connections opened', 'more'],
    ['reconnects', 'count', 'less', 'Reconnects', 'more']
  ]),
  ...figuresOf('server', 'server', lane => lane.server, [
    ['busyShare', 'share', 'less', 'Server thread busy', 'more'],
    ['cpuMicrosPerUpdate', 'micros', 'less', 'Server CPU per update', 'more'],
    ['dropped', 'count', null, 'Updates that the server dropped', 'more'],
    ['refused', 'count', null, 'Connections that the server refused', 'more']
  ]),
  ...figuresOf('scheduleLagMs', 'server', lane => lane.scheduleLagMs, [
    ['p50', 'ms', null, 'Polls behind schedule, median', 'more'],
    ['p99', 'ms', null, 'Polls behind schedule, 99 % within', 'more']
  ]),
  ...figuresOf('clock', 'server', lane => lane.clock, [
    ['offsetMs', 'ms', null, 'Clock of the other side, ahead by', 'more'],
    ['errorMs', 'ms', null, 'Clock of the other side, known to ±', 'more']
  ])
]
