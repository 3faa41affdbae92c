import { type Cell, csvText } from './csv-text.js'
import type { Distribution, LaneReport, Report } from './report.js'

type Column = readonly [name: string, of: (lane: LaneReport) => Cell]

/** Each is named as its path in the lane. */
const columns: readonly Column[] = [
  ['name', lane => lane.name],
  ['source', lane => lane.source],
  ['model', lane => lane.model],
  ['stream', lane => lane.stream],
  ['read', lane => lane.read],
  ['trigger', lane => lane.trigger],
  ['intervalMs', lane => lane.intervalMs],
  ['waitMs', lane => lane.waitMs],
  ['qos', lane => lane.qos],
  ['since', lane => lane.since],
  ['windowStart', lane => lane.windowStart],
  ['matchedBy', lane => lane.matchedBy],
  ...group('updates', lane => lane.updates, [
    'generated',
    'delivered',
    'superseded',
    'lost',
    'pending',
    'duplicate',
    'outOfOrder',
    'catchUp'
  ]),
  ...distributionOf('latencyMs', lane => lane.latencyMs),
  ...distributionOf('latencyDeliveredMs', lane => lane.latencyDeliveredMs),
  ...distributionOf('behindFirstMs', lane => lane.behindFirstMs),
  ...group('ageMs', lane => lane.ageMs, ['now', 'mean', 'peakMean', 'max']),
  ['freshShare', lane => lane.freshShare],
  ['versionsBehind', lane => lane.versionsBehind],
  ['targetShare', lane => lane.targetShare],
  ...group('exchanges', lane => lane.exchanges, [
    'requests',
    'empty',
    'notModified',
    'errors',
    'timeouts',
    'throttled',
    'skipped',
    'emptyShare',
    'requestsPerUpdate'
  ]),
  ...group('bytes', lane => lane.bytes, ['sent', 'received', 'perUpdate']),
  ...group('connections', lane => lane.connections, ['open', 'opened', 'reconnects']),
  ...group('server', lane => lane.server, ['busyShare', 'cpuMicrosPerUpdate', 'dropped', 'refused']),
  ...group('scheduleLagMs', lane => lane.scheduleLagMs, ['p50', 'p99']),
  ...group('clock', lane => lane.clock, ['offsetMs', 'errorMs']),
  ...group('theory', lane => lane.theory, [
    'latencyMeanMs',
    'emptyShare',
    'supersededShare',
    'ageMeanMs',
    'freshShare',
    'requestsPerUpdate',
    'plusMinus'
  ]),
  ['outages', lane => lane.outages.length],
  ['flags', lane => lane.flags.map(({ code }) => code).join(' ')]
]

/** Its figures, then the ends of their 95 % intervals. */
function distributionOf(name: string, of: (lane: LaneReport) => Distribution | null): readonly Column[] {
  const ends = (['mean', 'p50', 'p99'] as const).flatMap((figure): readonly Column[] => [
    [`${name}.ci95.${figure}.low`, lane => of(lane)?.ci95[figure]?.[0]],
    [`${name}.ci95.${figure}.high`, lane => of(lane)?.ci95[figure]?.[1]]
  ])
  return [...group(name, of, ['count', 'mean', 'min', 'p50', 'p90', 'p99', 'p999', 'max']), ...ends]
}

/** The report as CSV (RFC 4180): a header row, then one row a lane; what is not known is empty. */
export function csvReport(report: Report): string {
  return csvText([
    columns.map(([name]) => name),
    ...report.lanes.map(lane => columns.map(([, of]) => of(lane)))
  ])
}

function group<K extends string>(
  name: string,
  of: (lane: LaneReport) => Readonly<Record<K, Cell>> | null,
  keys: readonly K[]
): readonly Column[] {
  return keys.map(key => [`${name}.${key}`, lane => of(lane)?.[key]] as const)
}
