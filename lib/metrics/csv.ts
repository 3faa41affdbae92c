import { type Cell, csvText } from './csv-text.js'
import type { LaneReport, Report } from './report.js'

const columns: readonly (readonly [string, (lane: LaneReport) => Cell])[] = [
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
  ...group('latencyMs', lane => lane.latencyMs, ['mean', 'min', 'p50', 'p90', 'p99', 'p999', 'max']),
  ...group('latencyDeliveredMs', lane => lane.latencyDeliveredMs, ['mean', 'p50', 'p99', 'max']),
  ...group('behindFirstMs', lane => lane.behindFirstMs, ['mean', 'p50', 'p99', 'max']),
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
  ['flags', lane => lane.flags.map(({ code }) => code).join(' ')]
]

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
): (readonly [string, (lane: LaneReport) => Cell])[] {
  return keys.map(key => [`${name}.${key}`, lane => of(lane)?.[key]] as const)
}
