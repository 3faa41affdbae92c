import type { Distribution, Flag, FlagCode, LaneReport, Report } from '../../lib/metrics/report.js'

/** A distribution of so many values around a mean. */
export const distribution = (count: number, mean: number): Distribution => ({
  count,
  mean,
  min: mean,
  p50: mean,
  p90: mean,
  p99: mean,
  p999: mean,
  max: mean,
  ci95: { mean: null, p50: null, p99: null }
})

export const flag = (code: FlagCode, spoils: readonly string[], message: string = code): Flag => ({
  code,
  params: {},
  message,
  spoils,
  remedy: 'Mend it.'
})

type Part = 'updates' | 'exchanges' | 'bytes'
type LaneChange = Partial<Omit<LaneReport, Part>> & { readonly [K in Part]?: Partial<LaneReport[K]> }

/** A push lane of which only deliveries are known, but for what is said. */
export function laneReport({ updates, exchanges, bytes, ...rest }: LaneChange = {}): LaneReport {
  return {
    source: rest.name ?? 'pushed',
    name: 'pushed',
    model: 'push',
    stream: 'updates',
    read: 'push',
    trigger: null,
    intervalMs: null,
    waitMs: null,
    qos: null,
    since: null,
    windowStart: 0,
    matchedBy: null,
    updates: {
      generated: null,
      delivered: 0,
      superseded: null,
      lost: null,
      pending: null,
      duplicate: 0,
      outOfOrder: null,
      catchUp: 0,
      ...updates
    },
    latencyMs: null,
    latencyDeliveredMs: null,
    behindFirstMs: null,
    ageMs: { now: null, mean: null, peakMean: null, max: null },
    freshShare: null,
    versionsBehind: null,
    targetShare: null,
    exchanges: {
      requests: null,
      empty: null,
      notModified: null,
      errors: null,
      timeouts: null,
      throttled: null,
      skipped: null,
      emptyShare: null,
      requestsPerUpdate: null,
      ...exchanges
    },
    bytes: { sent: null, received: null, perUpdate: null, ...bytes },
    connections: { open: null, opened: null, reconnects: null },
    outages: [],
    server: null,
    scheduleLagMs: null,
    clock: null,
    fleet: null,
    theory: null,
    previous: [],
    flags: [],
    ...rest
  }
}

/** A lane that polls. */
export const pullReport = (change: LaneChange = {}): LaneReport =>
  laneReport({
    name: 'polled',
    model: 'pull',
    read: 'latest',
    trigger: 'interval',
    intervalMs: 2000,
    ...change
  })

export function reportOf(lanes: readonly LaneReport[], change: Partial<Report> = {}): Report {
  return {
    version: 1,
    id: 'm',
    name: 'push against pull',
    startedAt: 0,
    now: 60_000,
    seconds: 60,
    target: { ms: 1000, share: 0.95 },
    flags: [],
    streams: [],
    lanes,
    sweep: [],
    claims: [],
    advice: null,
    ...change
  }
}
