import type { NumberTexts } from '../../number-texts.js'
import type { Ms, Share } from '../../units.js'
import type { Plans } from '../advice.js'
import type { Advice, FrontierPoint, Report } from '../report.js'
import { grid, lineThrough, logAxis, type Span } from './axis.js'
import { reachedAt } from './latency-picture.js'
import { html, type Markup } from './markup.js'
import { type PageLane, pictureBadge } from './page-lanes.js'

const X: Span = [64, 620]
/** Fresh is up. */
const Y: Span = [14, 270]
const SECONDS_PER_DAY = 86_400
/** Intervals that the curve names. */
const ROUND: readonly Ms[] = [20, 100, 1000, 10_000, 60_000, 600_000, 3_600_000, 43_200_000]

interface Place {
  readonly cost: number
  /** Real time within which the target's share of all updates is there. */
  readonly withinMs: Ms
}

interface Predicted extends Place {
  readonly intervalMs: Ms
}

export interface FrontierOptions {
  readonly plans: Plans
  /** Where the curves of the lanes are taken. */
  readonly atMs: readonly Ms[]
  readonly numbers: NumberTexts
}

/**
 * Every interval of polling as a curve, cost across and freshness up, both logarithmic, the lanes as dots on it or
 * beside it; null without a prediction. Costs are of all planned clients, times are real.
 */
export function frontierPicture(
  { frontier, stream, intervalMs }: Advice,
  { target, streams }: Report,
  lanes: readonly PageLane[],
  { plans, atMs, numbers }: FrontierOptions
): Markup | null {
  const inBytes = frontier.every(({ bytesPerDay }) => bytesPerDay !== null)
  const curve = frontier
    .map(point => predictedPlace(point, target.share, inBytes))
    .filter(({ cost }) => cost > 0)
  if (curve.length < 2) return null
  const rate = streams.find(one => one.stream === stream)?.ratePerSecond ?? null
  const dots = lanes.flatMap(lane => {
    if (lane.report.stream !== stream || rate === null) return []
    const place = measuredPlace(lane, { share: target.share, rate, clients: plans.clients, inBytes, atMs })
    return place === null ? [] : [{ lane, place }]
  })
  const requestsPerDay =
    plans.maxRequestsPerSecond === null ? null : plans.maxRequestsPerSecond * SECONDS_PER_DAY
  const budget = inBytes ? plans.maxBytesPerDay : requestsPerDay
  const places: readonly Place[] = [...curve, ...dots.map(({ place }) => place)]
  const x = logAxis([...places.map(({ cost }) => cost), budget ?? 0], X, { durations: false, most: 7 })
  const y = logAxis([...places.map(({ withinMs }) => withinMs), target.ms], Y, { durations: true, most: 9 })
  const at = ({ cost, withinMs }: Place) => [x.at(cost), y.at(withinMs)] as const
  const advised = intervalMs === null ? null : placeAt(curve, intervalMs)
  const clients = plans.clients > 1 ? ` of ${numbers.count(plans.clients)} clients` : ''
  return html`<svg viewBox="0 0 640 316" role="img" aria-label="Predicted freshness and cost of every polling interval, with the measured lanes">
<rect class="region" x="${X[0]}" y="${Y[0]}" width="${X[1] - X[0]}" height="${(y.at(target.ms) - Y[0]).toFixed(1)}"/>
${grid(
  { axis: x, span: X, text: inBytes ? numbers.bytes : numbers.count },
  { axis: y, span: [Y[1], Y[0]], text: numbers.duration }
)}
<text class="tick" x="${X[0] + 6}" y="${Y[0] + 15}">meets the target: ${numbers.share(target.share)} within ${numbers.duration(target.ms)}</text>
${budget === null || !(budget > 0) ? null : html`<path class="target" d="M${x.at(budget).toFixed(1)} ${Y[0]}V${Y[1]}"/><text class="tick middle" x="${x.at(budget).toFixed(1)}" y="${Y[0] - 4}">budget</text>`}
<path class="frontier" d="${lineThrough(curve.map(at))}"/>
${ROUND.flatMap(interval => {
  const place = at(placeAt(curve, interval))
  // the circle around the advised one says it already
  const near =
    advised !== null && Math.hypot(place[0] - x.at(advised.cost), place[1] - y.at(advised.withinMs)) < 30
  return near ? [] : stop(place, numbers.duration(interval))
})}
${advised === null ? null : html`<circle class="advised" cx="${x.at(advised.cost).toFixed(1)}" cy="${y.at(advised.withinMs).toFixed(1)}" r="13"/><text class="tick end" x="${(x.at(advised.cost) - 16).toFixed(1)}" y="${(y.at(advised.withinMs) - 8).toFixed(1)}">longest that meets it</text>`}
${dots.map(({ lane, place }) => pictureBadge(lane, ...at(place)))}
<text class="title middle" x="${(X[0] + X[1]) / 2}" y="310">${inBytes ? 'bytes' : 'requests'} a day${clients} (log); upwards is sooner</text>
</svg>`
}

function stop([x, y]: readonly [number, number], text: string): Markup {
  const side = x > X[1] - 60 ? ({ anchor: 'end', by: -7 } as const) : ({ anchor: 'begin', by: 7 } as const)
  return html`<circle class="stop" cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="2.5"/><text class="tick ${side.anchor}" x="${(x + side.by).toFixed(1)}" y="${(y + (side.by > 0 ? 14 : -5)).toFixed(1)}">${text}</text>`
}

/** Latency of polling is uniform on [w, w + T] (MEASURING U4). */
function predictedPlace(point: FrontierPoint, share: Share, inBytes: boolean): Predicted {
  const { intervalMs, latencyMeanMs, requestsPerSecond, bytesPerDay } = point
  return {
    intervalMs,
    cost: inBytes ? (bytesPerDay ?? 0) : requestsPerSecond * SECONDS_PER_DAY,
    withinMs: latencyMeanMs + (share - 0.5) * intervalMs
  }
}

/** Between the points of the curve along the logarithms. */
function placeAt(curve: readonly Predicted[], intervalMs: Ms): Place {
  const next = curve.findIndex(point => point.intervalMs >= intervalMs)
  const [right, left] = [curve.at(next), curve[Math.max(0, next - 1)]]
  if (right === undefined || left === undefined || right === left || next === -1)
    return { cost: right?.cost ?? 0, withinMs: right?.withinMs ?? 0 }
  const share = Math.log(intervalMs / left.intervalMs) / Math.log(right.intervalMs / left.intervalMs)
  const between = (from: number, to: number): number => from * (to / from) ** share
  return { cost: between(left.cost, right.cost), withinMs: between(left.withinMs, right.withinMs) }
}

/** What the lane's updates cost a day, and within which time they were there. */
function measuredPlace(
  { report, curves, speed }: PageLane,
  options: { share: Share; rate: number; clients: number; inBytes: boolean; atMs: readonly Ms[] }
): Place | null {
  const { share, rate, clients, inBytes, atMs } = options
  const { updates, bytes, exchanges } = report
  const perUpdate = inBytes ? bytes.perUpdate : exchanges.requestsPerUpdate
  if (curves?.all == null || perUpdate === null || !(perUpdate > 0) || !updates.generated) return null
  const deliveredPerDay = ((rate / speed) * SECONDS_PER_DAY * updates.delivered) / updates.generated
  return { cost: perUpdate * deliveredPerDay * clients, withinMs: reachedAt(curves.all, atMs, share) * speed }
}
