import type { Distribution, LaneReport } from './report.js'

/** Without confidence intervals only a factor like this is a difference. */
const CLEARLY = 1.5

/** A lane with the latency that it is compared by. */
export interface Comparison {
  readonly lane: LaneReport
  /** Over all updates; where nobody knows when they were generated, how far behind the first lane. */
  readonly latency: Distribution | null
}

export interface Pair {
  readonly push: Comparison
  readonly pull: Comparison
}

/** The first push lane and the first pull lane of one stream, those with latencies before others: what the headline compares. */
export function pairOf(lanes: readonly LaneReport[]): Pair | null {
  let found: Pair | null = null
  for (const push of lanes) {
    if (push.model !== 'push') continue
    for (const pull of lanes) {
      if (pull.model !== 'pull' || pull.stream !== push.stream) continue
      const timed = push.latencyMs !== null && pull.latencyMs !== null
      const of = (lane: LaneReport): Comparison => ({
        lane,
        latency: timed ? lane.latencyMs : lane.behindFirstMs
      })
      const pair = { push: of(push), pull: of(pull) }
      if (timed) return pair
      found ??= pair
    }
  }
  return found
}

/** Whether `more` exceeds `less` clearly. */
export function clearlyMore(more: number | null, less: number | null): boolean {
  return more !== null && less !== null && more > CLEARLY * less
}

/** Whether one mean is below another beyond doubt: their intervals do not touch, or it is clear without any. */
export function earlier(one: Comparison | undefined, other: Comparison | undefined): boolean {
  const [early, late] = [one?.latency ?? null, other?.latency ?? null]
  if (early === null || late === null) return false
  const [earlyCi, lateCi] = [early.ci95.mean, late.ci95.mean]
  return earlyCi !== null && lateCi !== null ? earlyCi[1] < lateCi[0] : clearlyMore(late.mean, early.mean)
}
