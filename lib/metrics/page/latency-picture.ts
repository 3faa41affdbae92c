import type { NumberTexts } from '../../number-texts.js'
import type { Ms, Share } from '../../units.js'
import { type Axis, grid, lineThrough, logAxis, type Span } from './axis.js'
import { html, type Markup } from './markup.js'
import { type PageLane, pictureBadge } from './page-lanes.js'

const X: Span = [52, 620]
const Y: Span = [250, 20]
const QUARTERS: readonly Share[] = [0, 0.25, 0.5, 0.75, 1]
const shares: Axis = {
  min: 0,
  max: 1,
  ticks: QUARTERS,
  at: share => Y[0] + (Y[1] - Y[0]) * share
}

/** Cumulative distributions of the latency of all updates, measured and predicted; null while nothing is known. */
export function latencyPicture(
  lanes: readonly PageLane[],
  atMs: readonly Ms[],
  targetsMs: readonly Ms[],
  numbers: NumberTexts
): Markup | null {
  const known = lanes.flatMap(lane => {
    const { all = null, theory = null } = lane.curves ?? {}
    return all === null ? [] : [{ lane, all, theory }]
  })
  if (known.length === 0) return null
  const inUse = known.flatMap(({ all, theory }) => [
    ...endsOf(all, atMs),
    ...(theory === null ? [] : endsOf(theory, atMs))
  ])
  const x = logAxis([...inUse, ...targetsMs], X, { durations: true, most: 7 })
  const curve = (values: readonly Share[]): string =>
    lineThrough(
      values.flatMap((share, place) => {
        const at = atMs[place] ?? 0
        return at < x.min || at > x.max ? [] : [[x.at(at), shares.at(share)] as const]
      })
    )
  return html`<svg viewBox="0 0 640 296" role="img" aria-label="Cumulative distribution of the latency of every lane; the figures stand in the table">
${grid({ axis: x, span: X, text: numbers.duration }, { axis: shares, span: Y, text: numbers.share })}
<text class="title middle" x="${(X[0] + X[1]) / 2}" y="290">latency, from generation until a lane holds the update or a newer one (log)</text>
${targetsMs.map(target => {
  const at = x.at(target).toFixed(1)
  return html`<path class="target" d="M${at} ${Y[1]}V${Y[0]}"/><text class="tick middle" x="${at}" y="${Y[1] - 5}">target ${numbers.duration(target)}</text>`
})}
${known.map(
  ({ lane, all, theory }) =>
    html`<g class="${lane.colour}">${theory === null ? null : html`<path class="theory" d="${curve(theory)}"/>`}<path class="measured" d="${curve(all)}"/></g>`
)}
${known.map(({ lane, all }) => {
  // at heights of their own, so that curves on each other keep their numbers apart
  const share = 0.5 + 0.09 * (((lane.number - 1) % 5) - 2)
  return pictureBadge(lane, x.at(reachedAt(all, atMs, share)), shares.at(share))
})}
</svg>`
}

/** From the last place without an update to the first with all of them. */
function endsOf(values: readonly Share[], atMs: readonly Ms[]): readonly Ms[] {
  const begin = values.findIndex(share => share > 0)
  const end = values.findIndex(share => share >= 0.999)
  return [atMs[Math.max(0, begin - 1)] ?? 1, atMs[end === -1 ? atMs.length - 1 : end] ?? 1]
}

/** The latency within which a share of the updates came; the end of the axis if it lies beyond. */
export function reachedAt(values: readonly Share[], atMs: readonly Ms[], share: Share): Ms {
  const place = values.findIndex(value => value >= share)
  if (place <= 0) return atMs[place === 0 ? 0 : atMs.length - 1] ?? 1
  const [left = 1, right = 1] = [atMs[place - 1], atMs[place]]
  const [below = 0, above = 1] = [values[place - 1], values[place]]
  return left * (right / left) ** ((share - below) / (above - below))
}
