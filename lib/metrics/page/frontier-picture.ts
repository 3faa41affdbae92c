import type { NumberTexts } from '../../number-texts.js'
import type { Ms, Share } from '../../units.js'
import type { Advice, FrontierPoint, Report } from '../report.js'
import { grid, lineThrough, logAxis, type Span } from './axis.js'
import { reachedAt } from './latency-picture.js'
import { html, type Markup } from './markup.js'
import { type PageLane, pictureBadge } from './page-lanes.js'

const X: Span = [64, 620]
/** Fresh is up. */
const Y: Span = [14, 270]
const SECONDS_PER_DAY = 86_400

interface Place {
  readonly cost: number
  /** Real time within which the target's share of all updates is there. */
  readonly withinMs: Ms
}

/**
 * Every interval of polling as a curve, cost across and freshness up, both logarithmic, the lanes as dots on it or
 * beside it; null without a prediction. Costs are of all planned clients, times are real.
 */
export function frontierPicture(
  { frontier, stream, intervalMs }: Advice,
  { target, streams }: Report,
  lanes: readonly PageLane[],
  {
    clients,
    atMs,
    numbers
  }: { readonly clients: number; readonly atMs: readonly Ms[]; readonly numbers: NumberTexts }
): Markup | null {
  if (frontier.length < 2) return null
  const inBytes = frontier.every(({ bytesPerDay }) => bytesPerDay !== null)
  const curve = frontier.map(point => ({ ...placeOf(point, target.share, inBytes), point }))
  const rate = streams.find(one => one.stream === stream)?.ratePerSecond ?? null
  const dots = lanes.flatMap(lane => {
    if (lane.report.stream !== stream || rate === null) return []
    const place = measuredPlace(lane, { share: target.share, rate, clients, inBytes, atMs })
    return place === null ? [] : [{ lane, place }]
  })
  // what costs next to nothing and is next to nowhere stays out
  const shown = curve.filter(({ cost }) => cost > 0)
  const x = logAxis(
    [...shown, ...dots.map(({ place }) => place)].map(({ cost }) => cost),
    X,
    { durations: false, most: 7 }
  )
  const y = logAxis(
    [...shown, ...dots.map(({ place }) => place), { withinMs: target.ms }].map(({ withinMs }) => withinMs),
    Y,
    { durations: true, most: 8 }
  )
  const costText = (cost: number): string => (inBytes ? numbers.bytes(cost) : numbers.count(cost))
  const named = shown.filter((_, place) => place % 7 === 3)
  const advised = intervalMs === null ? undefined : nearest(shown, intervalMs)
  return html`<svg viewBox="0 0 640 316" role="img" aria-label="Predicted freshness and cost of every polling interval, with the measured lanes">
<rect class="region" x="${X[0]}" y="${Y[0]}" width="${X[1] - X[0]}" height="${Math.max(0, y.at(target.ms) - Y[0]).toFixed(1)}"/>
${grid({ axis: x, span: X, text: costText }, { axis: y, span: [Y[1], Y[0]], text: numbers.duration })}
<text class="tick" x="${X[0] + 6}" y="${Math.max(Y[0] + 12, y.at(target.ms) - 5).toFixed(1)}">meets the target: ${numbers.share(target.share)} within ${numbers.duration(target.ms)}</text>
<path class="frontier" d="${lineThrough(shown.map(({ cost, withinMs }) => [x.at(cost), y.at(withinMs)] as const))}"/>
${named.map(
  ({ cost, withinMs, point }) =>
    html`<circle class="stop" cx="${x.at(cost).toFixed(1)}" cy="${y.at(withinMs).toFixed(1)}" r="2.5"/><text class="tick" x="${(x.at(cost) + 6).toFixed(1)}" y="${(y.at(withinMs) + 13).toFixed(1)}">${numbers.duration(point.intervalMs)}</text>`
)}
${advised === undefined ? null : html`<circle class="advised" cx="${x.at(advised.cost).toFixed(1)}" cy="${y.at(advised.withinMs).toFixed(1)}" r="13"/>`}
${dots.map(({ lane, place }) => pictureBadge(lane, x.at(place.cost), y.at(place.withinMs)))}
<text class="title middle" x="${(X[0] + X[1]) / 2}" y="310">${inBytes ? 'bytes' : 'requests'} a day${clients > 1 ? ` of ${numbers.count(clients)} clients` : ''} (log)</text>
</svg>`
}

/** Latency of polling is uniform on [w, w + T] (MEASURING U4). */
function placeOf(point: FrontierPoint, share: Share, inBytes: boolean): Place {
  return {
    cost: inBytes ? (point.bytesPerDay ?? 0) : point.requestsPerSecond * SECONDS_PER_DAY,
    withinMs: point.latencyMeanMs + (share - 0.5) * point.intervalMs
  }
}

function measuredPlace(
  { report, curves, speed }: PageLane,
  {
    share,
    rate,
    clients,
    inBytes,
    atMs
  }: { share: Share; rate: number; clients: number; inBytes: boolean; atMs: readonly Ms[] }
): Place | null {
  const { updates, bytes, exchanges } = report
  const perUpdate = inBytes ? bytes.perUpdate : exchanges.requestsPerUpdate
  if (curves?.all == null || perUpdate === null || !(perUpdate > 0) || updates.generated === null) return null
  if (updates.generated === 0) return null
  const deliveredPerDay = ((rate / speed) * SECONDS_PER_DAY * updates.delivered) / updates.generated
  return { cost: perUpdate * deliveredPerDay * clients, withinMs: reachedAt(curves.all, atMs, share) * speed }
}

function nearest<T extends { readonly point: FrontierPoint }>(
  places: readonly T[],
  intervalMs: Ms
): T | undefined {
  const distance = ({ point }: T): number => Math.abs(Math.log(point.intervalMs / intervalMs))
  return places.reduce<T | undefined>(
    (best, place) => (best === undefined || distance(place) < distance(best) ? place : best),
    undefined
  )
}
