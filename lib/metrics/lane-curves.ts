import type { EpochMs } from '../units.js'
import { CURVE_AT_MS, type Curves, curveOf } from './curves.js'
import type { Lane } from './lane.js'
import { knowledgeOf } from './lane-report.js'
import { theoryCurve } from './lane-theory.js'

/** The distributions of latency of these lanes. */
export function curvesOf(lanes: Iterable<Lane>, now: EpochMs): Curves {
  const curves = Array.from(lanes, lane => {
    const { timed, known } = knowledgeOf(lane)
    return {
      source: lane.source,
      model: lane.model,
      stream: lane.stream,
      all: known ? curveOf(lane.ledger.latency) : null,
      delivered: timed ? curveOf(lane.ledger.latencyDelivered) : null,
      theory: theoryCurve(lane)
    }
  })
  return { now, atMs: CURVE_AT_MS, lanes: curves }
}
