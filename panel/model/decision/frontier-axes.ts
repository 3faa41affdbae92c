import type { FrontierPoint } from '../../../lib/theory/decision.js'
import type { Ms } from '../../../lib/units.js'

/** What the frontier shows across: of all planned clients, a day. */
export type CostAxis = 'requests' | 'bytes'
/** What it shows upwards. */
export type FreshAxis = 'latency' | 'age'

export interface FrontierAxes {
  readonly cost: CostAxis
  readonly fresh: FreshAxis
}

/** A place in the picture. */
export interface FrontierPlace {
  /** A day; 0 for what asks nothing. */
  readonly cost: number
  readonly freshMs: Ms
}

export const DAY_S = 86_400

export const costOf = ({ requestsPerSecond, bytesPerDay }: FrontierPoint, axis: CostAxis): number | null =>
  axis === 'requests' ? requestsPerSecond * DAY_S : bytesPerDay

export const freshOf = ({ latencyMeanMs, ageMeanMs }: FrontierPoint, axis: FreshAxis): Ms =>
  axis === 'latency' ? latencyMeanMs : ageMeanMs

/** What polling costs and brings: some intervals in order, and any other. */
export interface FrontierCurve {
  readonly points: readonly FrontierPoint[]
  readonly at: (intervalMs: Ms) => FrontierPoint
}

/** Null while its cost is not known. */
export function placeOf(point: FrontierPoint, { cost, fresh }: FrontierAxes): FrontierPlace | null {
  const known = costOf(point, cost)
  return known === null || known <= 0 ? null : { cost: known, freshMs: freshOf(point, fresh) }
}

/** The interval that costs so much, to three digits, between the points along the logarithms; null beyond the ends. */
export function intervalAt(points: readonly FrontierPoint[], cost: number, axis: CostAxis): Ms | null {
  const next = points.findIndex(point => (costOf(point, axis) ?? 0) <= cost)
  const [left, right] = [points[next - 1], points[next]]
  if (left === undefined || right === undefined) return null
  const [from, to] = [costOf(left, axis) ?? 0, costOf(right, axis) ?? 0]
  const share = from > to && to > 0 ? Math.log(cost / from) / Math.log(to / from) : 1
  const interval = left.intervalMs * (right.intervalMs / left.intervalMs) ** share
  return Number(interval.toPrecision(3))
}
