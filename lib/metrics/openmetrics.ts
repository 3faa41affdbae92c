import { Histogram } from '../stats/histogram.js'
import type { Distribution, LaneReport, Report } from './report.js'

/** Content type of what `openMetrics` writes. */
export const OPEN_METRICS_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8'

/** Bucket bounds 2^k ms: they are edges of the histogram's own buckets, so that no count ever goes back. */
const BOUNDS_MS = Array.from({ length: 28 }, (_, index) => 2 ** (index - 3))

interface Family {
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly unit?: 'seconds' | 'bytes' | 'ratio'
  readonly help: string
  /** Samples: suffix, further labels, value. */
  of(lane: LaneReport): readonly (readonly [string, string, number | null | undefined])[]
}

const families: readonly Family[] = [
  distributionOf('latency', 'Latency of every update, superseded ones included.', lane => lane.latencyMs),
  distributionOf('delivered_latency', 'Latency of delivered updates only.', lane => lane.latencyDeliveredMs),
  distributionOf('behind_first', 'How long after the first lane.', lane => lane.behindFirstMs),
  gauge('age', 'seconds', 'Age of the value held.', lane => seconds(lane.ageMs.now)),
  gauge('age_mean', 'seconds', 'Time average of the age.', lane => seconds(lane.ageMs.mean)),
  gauge('fresh', 'ratio', 'Share of time with the newest update.', lane => lane.freshShare),
  gauge('within_target', 'ratio', 'Share of updates within the target.', lane => lane.targetShare),
  gauge('versions_behind', undefined, 'Mean number of updates not held.', lane => lane.versionsBehind),
  counter('delivered_updates', undefined, 'Updates delivered.', lane => [['', lane.updates.delivered]]),
  // superseded, lost and pending may be taken back, so they are no counters
  gauge('superseded_updates', undefined, 'Updates never seen, replaced.', lane => lane.updates.superseded),
  gauge('lost_updates', undefined, 'Updates that should have come.', lane => lane.updates.lost),
  gauge('pending_updates', undefined, 'Updates on their way.', lane => lane.updates.pending),
  counter('duplicate_updates', undefined, 'Updates delivered again.', lane => [['', lane.updates.duplicate]]),
  counter('requests', undefined, 'Requests sent.', lane => [['', lane.exchanges.requests]]),
  gauge('empty_polls', 'ratio', 'Share of polls without an update.', lane => lane.exchanges.emptyShare),
  counter('traffic', 'bytes', 'Bytes of the sockets.', lane => [
    ['direction="sent"', lane.bytes.sent],
    ['direction="received"', lane.bytes.received]
  ]),
  gauge('open_connections', undefined, 'Connections open.', lane => lane.connections.open),
  counter('opened_connections', undefined, 'Connections opened.', lane => [['', lane.connections.opened]]),
  gauge('server_busy', 'ratio', 'Busy share of the server thread.', lane => lane.server?.busyShare)
]

/**
 * The figures of several metrics nodes as OpenMetrics 1.0 text. Counters go back only when a window starts anew
 * (reset, changed settings).
 */
export function openMetrics(reports: readonly Report[]): string {
  const lines: string[] = []
  for (const { name, type, unit, help, of } of families) {
    const samples: string[] = []
    for (const report of reports)
      for (const lane of report.lanes)
        for (const [suffix, more, value] of of(lane)) {
          if (value === null || value === undefined || !Number.isFinite(value)) continue
          const labels = [labelsOf(report, lane), more].filter(text => text !== '').join(',')
          samples.push(`${name}${suffix}{${labels}} ${value}`)
        }
    if (samples.length === 0) continue
    lines.push(`# TYPE ${name} ${type}`)
    if (unit !== undefined) lines.push(`# UNIT ${name} ${unit}`)
    lines.push(`# HELP ${name} ${help}`, ...samples)
  }
  return `${[...lines, '# EOF'].join('\n')}\n`
}

function labelsOf({ id, name }: Report, lane: LaneReport): string {
  const labels = { metrics: name || id, id, lane: lane.name, model: lane.model, stream: lane.stream }
  return Object.entries(labels)
    .map(([key, value]) => `${key}="${escapeLabel(value)}"`)
    .join(',')
}

const escapeLabel = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')

const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000)

function fullName(name: string, unit: Family['unit']): string {
  return `delivery_${name}${unit === undefined ? '' : `_${unit}`}`
}

function withUnit(unit: Family['unit']): { unit?: NonNullable<Family['unit']> } {
  return unit === undefined ? {} : { unit }
}

function gauge(
  name: string,
  unit: Family['unit'],
  help: string,
  of: (lane: LaneReport) => number | null | undefined
): Family {
  return {
    name: fullName(name, unit),
    type: 'gauge',
    ...withUnit(unit),
    help,
    of: lane => [['', '', of(lane)]]
  }
}

function counter(
  name: string,
  unit: Family['unit'],
  help: string,
  of: (lane: LaneReport) => readonly (readonly [string, number | null])[]
): Family {
  return {
    name: fullName(name, unit),
    type: 'counter',
    ...withUnit(unit),
    help,
    of: lane => of(lane).map(([labels, value]) => ['_total', labels, value] as const)
  }
}

function distributionOf(name: string, help: string, of: (lane: LaneReport) => Distribution | null): Family {
  return {
    name: fullName(name, 'seconds'),
    type: 'histogram',
    unit: 'seconds',
    help,
    of(lane) {
      const distribution = of(lane)
      if (distribution?.histogram === undefined) return []
      const histogram = Histogram.fromJSON(distribution.histogram)
      const buckets = BOUNDS_MS.map(
        bound => ['_bucket', `le="${bound / 1000}"`, Math.round(histogram.countAtOrBelow(bound))] as const
      )
      const all = ['_bucket', 'le="+Inf"', histogram.count] as const
      // OpenMetrics has no sum beside negative values
      if (histogram.min < 0) return [...buckets, all]
      return [...buckets, all, ['_count', '', histogram.count], ['_sum', '', histogram.sum / 1000]]
    }
  }
}
