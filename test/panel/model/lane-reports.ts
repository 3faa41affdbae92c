import type { Distribution, Flag, LaneReport } from '../../../lib/metrics/report.js'

/** A lane of a report of which nothing is known, and what a test says of it. */
export function laneReportWith(over: Partial<LaneReport> = {}): LaneReport {
  return {
    source: 'a',
    name: 'lane a',
    model: 'pull',
    stream: 's',
    read: 'latest',
    trigger: null,
    intervalMs: null,
    waitMs: null,
    qos: null,
    since: null,
    matchedBy: null,
    updates: {
      generated: null,
      delivered: 0,
      superseded: null,
      lost: null,
      pending: null,
      duplicate: 0,
      outOfOrder: null,
      catchUp: 0
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
      requestsPerUpdate: null
    },
    bytes: { sent: null, received: null, perUpdate: null },
    connections: { open: null, opened: null, reconnects: null },
    outages: [],
    server: null,
    scheduleLagMs: null,
    clock: null,
    fleet: null,
    theory: null,
    previous: [],
    flags: [],
    ...over
  }
}

export const flagOn = (code: Flag['code'], ...spoils: string[]): Flag => ({
  code,
  message: `words of ${code}`,
  spoils,
  remedy: ''
})

export const distributionOf = (count: number, p50: number, p99: number): Distribution => ({
  count,
  mean: p50,
  min: 0,
  p50,
  p90: p99,
  p99,
  p999: p99,
  max: p99,
  ci95: null
})
