import { durationText } from '../quantities.js'
import type { Ms } from '../units.js'
import type { LaneReport, Report } from './report.js'

/** The comparison in at most 20 characters. */
export interface Headline {
  readonly kind: 'waiting' | 'one' | 'compared'
  readonly text: string
}

/**
 * Push against pull: the mean latency over all updates of the first lane of each on the same stream, `0.6 ms vs
 * 2.5 s`. When nobody knows when updates were generated: how long after the first lane each had them,
 * `+0.0 ms vs +2.5 s`.
 */
export function headline(report: Report): Headline {
  const pair = pairOf(report.lanes)
  if (pair !== null) {
    const [push, pull] = pair
    const both = textOf(push.latencyMs?.mean, pull.latencyMs?.mean, '')
    const behind = textOf(push.behindFirstMs?.mean, pull.behindFirstMs?.mean, '+')
    const text = both ?? behind
    if (text !== null) return { kind: 'compared', text }
  }
  const lane = report.lanes.find(({ latencyMs }) => latencyMs !== null)
  if (lane?.latencyMs) return { kind: 'one', text: `${lane.model} ${durationText(lane.latencyMs.mean)}` }
  const counted = report.lanes.reduce((sum, { updates }) => sum + updates.delivered, 0)
  if (counted > 0) return { kind: 'one', text: `${counted} deliveries`.slice(0, 20) }
  return { kind: 'waiting', text: report.lanes.length > 0 ? 'no update yet' : 'no lane yet' }
}

function textOf(push: Ms | undefined, pull: Ms | undefined, sign: string): string | null {
  if (push === undefined || pull === undefined) return null
  return `${sign}${durationText(push)} vs ${sign}${durationText(pull)}`
}

/** The first push lane and the first pull lane of one stream that has both, those with figures before others. */
function pairOf(lanes: readonly LaneReport[]): [LaneReport, LaneReport] | null {
  let found: [LaneReport, LaneReport] | null = null
  for (const push of lanes) {
    if (push.model !== 'push') continue
    const pull = lanes.find(({ model, stream }) => model === 'pull' && stream === push.stream)
    if (pull === undefined) continue
    if (push.latencyMs !== null && pull.latencyMs !== null) return [push, pull]
    found ??= [push, pull]
  }
  return found
}
