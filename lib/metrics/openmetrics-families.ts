import { Histogram } from '../stats/histogram.js'
import type { EpochMs, Ms } from '../units.js'
import type { Distribution, LaneReport } from './report.js'

/** A value of a metric: what follows the name of its family, a label beyond those of its lane, and the value. */
export interface Sample {
  readonly suffix: '' | '_total' | '_created' | '_bucket' | '_count' | '_sum'
  /** `key="value"` or nothing. */
  readonly label: string
  /** What is not known is no sample. */
  readonly value: number | null | undefined
}

/** A family of metrics: every lane has one, or one for each of its labels. */
export interface Family {
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly unit: 'seconds' | 'bytes' | 'ratio' | ''
  readonly help: string
  of(lane: LaneReport, now: EpochMs): readonly Sample[]
}

type Value = number | null | undefined
type ValueOf = (lane: LaneReport) => Value

/** Bucket bounds 2^k ms: they are edges of the histogram's own buckets, so that no count ever goes back. */
const BOUNDS_MS = Array.from({ length: 28 }, (_, index) => 2 ** (index - 3))

const nameOf = (name: string, unit: Family['unit']): string =>
  `delivery_${name}${unit === '' ? '' : `_${unit}`}`
const seconds = (ms: Ms | null | undefined): Value => (typeof ms === 'number' ? ms / 1000 : null)

/** When counting began, as far as it has. */
const created = ({ windowStart }: LaneReport, now: EpochMs, label = ''): Sample => ({
  suffix: '_created',
  label,
  value: windowStart <= now ? windowStart / 1000 : null
})

const gauge = (name: string, unit: Family['unit'], help: string, value: ValueOf): Family => ({
  name: nameOf(name, unit),
  type: 'gauge',
  unit,
  help,
  of: lane => [{ suffix: '', label: '', value: value(lane) }]
})

function counter(
  name: string,
  unit: Family['unit'],
  help: string,
  values: Readonly<Record<string, ValueOf>>
): Family {
  return {
    name: nameOf(name, unit),
    type: 'counter',
    unit,
    help,
    of: (lane, now) =>
      Object.entries(values).flatMap(([label, of]) => {
        const value = of(lane)
        return value === null || value === undefined
          ? []
          : [{ suffix: '_total', label, value } as const, created(lane, now, label)]
      })
  }
}

function distributionOf(
  name: string,
  help: string,
  value: (lane: LaneReport) => Distribution | null
): Family {
  return {
    name: nameOf(name, 'seconds'),
    type: 'histogram',
    unit: 'seconds',
    help,
    of(lane, now) {
      const json = value(lane)?.histogram
      if (json === undefined) return []
      const histogram = Histogram.fromJSON(json)
      const shares = histogram.sharesAtOrBelow(BOUNDS_MS)
      const buckets = BOUNDS_MS.map(
        (bound, place): Sample => ({
          suffix: '_bucket',
          label: `le="${bound / 1000}"`,
          value: Math.round((shares[place] ?? 0) * histogram.count)
        })
      )
      buckets.push({ suffix: '_bucket', label: 'le="+Inf"', value: histogram.count })
      // OpenMetrics has no sum, and so no count, beside negative values
      if (histogram.min < 0) return buckets
      return [
        ...buckets,
        { suffix: '_count', label: '', value: histogram.count },
        { suffix: '_sum', label: '', value: histogram.sum / 1000 },
        created(lane, now)
      ]
    }
  }
}

/** Everything that is scraped. What may be taken back (superseded, lost, pending, out of order) is no counter. */
export const families: readonly Family[] = [
  distributionOf('latency', 'Latency of every update, superseded ones included.', lane => lane.latencyMs),
  distributionOf('delivered_latency', 'Latency of delivered updates only.', lane => lane.latencyDeliveredMs),
  distributionOf('behind_first', 'How long after the first lane.', lane => lane.behindFirstMs),
  gauge('age', 'seconds', 'Age of the value held.', ({ ageMs }) => seconds(ageMs.now)),
  gauge('age_mean', 'seconds', 'Time average of the age.', ({ ageMs }) => seconds(ageMs.mean)),
  gauge('fresh', 'ratio', 'Share of time with the newest update.', lane => lane.freshShare),
  gauge('within_target', 'ratio', 'Share of updates within the target.', lane => lane.targetShare),
  gauge('versions_behind', '', 'Mean number of updates not held.', lane => lane.versionsBehind),
  gauge('generated_updates', '', 'Updates generated.', ({ updates }) => updates.generated),
  counter('delivered_updates', '', 'Updates delivered.', { '': ({ updates }) => updates.delivered }),
  gauge('superseded_updates', '', 'Updates never seen, replaced.', ({ updates }) => updates.superseded),
  gauge('lost_updates', '', 'Updates that should have come.', ({ updates }) => updates.lost),
  gauge('pending_updates', '', 'Updates on their way.', ({ updates }) => updates.pending),
  counter('duplicate_updates', '', 'Updates delivered again.', { '': ({ updates }) => updates.duplicate }),
  counter('catch_up_updates', '', 'Updates from before the lane.', { '': ({ updates }) => updates.catchUp }),
  counter('requests', '', 'Requests sent.', { '': ({ exchanges }) => exchanges.requests }),
  counter('failed_requests', '', 'Requests that failed, by kind.', {
    'kind="error"': ({ exchanges }) => exchanges.errors,
    'kind="timeout"': ({ exchanges }) => exchanges.timeouts,
    'kind="throttled"': ({ exchanges }) => exchanges.throttled
  }),
  counter('skipped_polls', '', 'Polls due and not sent.', { '': ({ exchanges }) => exchanges.skipped }),
  gauge('empty_polls', 'ratio', 'Share of polls without an update.', ({ exchanges }) => exchanges.emptyShare),
  counter('traffic', 'bytes', 'Bytes of the sockets.', {
    'direction="sent"': ({ bytes }) => bytes.sent,
    'direction="received"': ({ bytes }) => bytes.received
  }),
  gauge('open_connections', '', 'Connections open.', ({ connections }) => connections.open),
  counter('opened_connections', '', 'Connections opened.', { '': ({ connections }) => connections.opened }),
  counter('reconnects', '', 'Connections opened again.', { '': ({ connections }) => connections.reconnects }),
  gauge('server_busy', 'ratio', 'Busy share of the server thread.', ({ server }) => server?.busyShare),
  gauge('predicted_latency_mean', 'seconds', 'Mean latency that theory says.', ({ theory }) =>
    seconds(theory?.latencyMeanMs)
  ),
  gauge('predicted_age_mean', 'seconds', 'Mean age that theory says.', ({ theory }) =>
    seconds(theory?.ageMeanMs)
  ),
  gauge('predicted_fresh', 'ratio', 'Fresh share that theory says.', ({ theory }) => theory?.freshShare),
  gauge('predicted_empty_polls', 'ratio', 'Empty share that theory says.', ({ theory }) => theory?.emptyShare)
]
