import type { LaneReport } from '../../../lib/metrics/report.js'
import type { Ms } from '../../../lib/units.js'

/** Which lanes a headline is about. */
export type Pairing =
  | { readonly kind: 'none' }
  | { readonly kind: 'one'; readonly lane: LaneReport }
  /** Push against pull on one stream. */
  | { readonly kind: 'models'; readonly push: LaneReport; readonly pull: LaneReport }
  /** Lanes of one model on one stream: the soonest and the last. */
  | { readonly kind: 'lanes'; readonly soonest: LaneReport; readonly last: LaneReport }
  /** No two lanes have the same stream. */
  | { readonly kind: 'streams'; readonly lane: LaneReport }

/**
 * The best push lane and the first pull lane of the first stream that has both, as the reader left them visible; else
 * the soonest and the last of the lanes that share a stream.
 */
export function pairingOf(lanes: readonly LaneReport[]): Pairing {
  const [first] = lanes
  if (first === undefined) return { kind: 'none' }
  if (lanes.length === 1) return { kind: 'one', lane: first }
  const streams = [...new Set(lanes.map(({ stream }) => stream))].map(name =>
    lanes.filter(({ stream }) => stream === name)
  )
  for (const group of streams) {
    const [push] = bySoonest(group.filter(({ model }) => model === 'push'))
    const pull = group.find(({ model }) => model === 'pull')
    if (push !== undefined && pull !== undefined) return { kind: 'models', push, pull }
  }
  for (const group of streams) {
    const ordered = bySoonest(group)
    const [soonest, last] = [ordered[0], ordered.at(-1)]
    if (group.length > 1 && soonest !== undefined && last !== undefined)
      return { kind: 'lanes', soonest, last }
  }
  return { kind: 'streams', lane: first }
}

/** By mean latency of every update, else by how far behind the first lane; those without figures last. */
function bySoonest(lanes: readonly LaneReport[]): readonly LaneReport[] {
  const known = lanes.every(({ latencyMs }) => latencyMs !== null)
  const mean = (lane: LaneReport): Ms =>
    (known ? lane.latencyMs : lane.behindFirstMs)?.mean ?? Number.POSITIVE_INFINITY
  // equal ones, two infinities too, stay in their order
  return [...lanes].sort((a, b) => (mean(a) === mean(b) ? 0 : mean(a) - mean(b)))
}
