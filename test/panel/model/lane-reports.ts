import type { Distribution, Flag, LaneReport } from '../../../lib/metrics/report.js'
import { distribution, flag, laneReport } from '../reports.js'

/** A polling lane of which nothing is known, and what a test says of it. */
export const laneReportWith = (over: Partial<LaneReport> = {}): LaneReport =>
  laneReport({ source: 'a', name: 'lane a', model: 'pull', stream: 's', read: 'latest', ...over })

export const flagOn = (code: Flag['code'], ...spoils: string[]): Flag => ({
  ...flag(code, spoils, `words of ${code}`),
  remedy: ''
})

export const distributionOf = (count: number, p50: number, p99: number): Distribution => ({
  ...distribution(count, p50),
  min: 0,
  p90: p99,
  p99,
  p999: p99,
  max: p99
})
