import { html, type Markup } from './markup.js'

/** From a value to its place in a picture, and the places that are named. */
export interface Axis {
  readonly min: number
  readonly max: number
  readonly ticks: readonly number[]
  /** Pixels of a value; one beyond an end lies at it. */
  at(value: number): number
}

export type Span = readonly [from: number, to: number]

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** Round durations in ms. */
const DURATIONS = [
  ...[-2, -1, 0, 1, 2, 3, 4].map(power => 10 ** power),
  ...[MINUTE, 10 * MINUTE, HOUR, 10 * HOUR],
  ...[0, 1, 2].map(power => DAY * 10 ** power)
]
const POWERS = Array.from({ length: 36 }, (_, index) => 10 ** (index - 12))

/**
 * A logarithmic axis around values above 0, at least a factor of ten long.
 * @param pixels - place of the least and of the greatest value
 */
export function logAxis(
  values: readonly number[],
  pixels: Span,
  { durations, most }: { readonly durations: boolean; readonly most: number }
): Axis {
  const inside = values.filter(value => value > 0 && Number.isFinite(value))
  const [least, greatest] = inside.length === 0 ? [1, 10] : [Math.min(...inside), Math.max(...inside)]
  const missing = Math.max(1, Math.sqrt((10 * least) / greatest))
  const [min, max] = [least / missing / 1.15, greatest * missing * 1.15]
  const round = (durations ? DURATIONS : POWERS).filter(tick => tick >= min && tick <= max)
  const every = Math.ceil(round.length / most)
  const [from, to] = pixels
  const at = (value: number): number => {
    const share = Math.log(Math.max(value, min / 1e6) / min) / Math.log(max / min)
    return from + (to - from) * Math.min(1, Math.max(0, share))
  }
  return {
    min,
    max,
    // texts never stand on each other
    ticks: round.filter(
      (tick, place) =>
        place % every === 0 && (place === 0 || Math.abs(at(tick) - at(round[place - every] ?? tick)) >= 14)
    ),
    at
  }
}

/** Lines across the picture at the ticks of `x` and `y`, with their texts. */
export function grid(
  x: { readonly axis: Axis; readonly span: Span; readonly text: (value: number) => string },
  y: { readonly axis: Axis; readonly span: Span; readonly text: (value: number) => string }
): Markup {
  const [left, right] = x.span
  const [bottom, top] = y.span
  return html`${x.axis.ticks.map(tick => {
    const at = x.axis.at(tick).toFixed(1)
    return html`<path class="grid" d="M${at} ${top}V${bottom}"/><text class="tick middle" x="${at}" y="${bottom + 16}">${x.text(tick)}</text>`
  })}${y.axis.ticks.map(tick => {
    const at = y.axis.at(tick)
    return html`<path class="grid" d="M${left} ${at.toFixed(1)}H${right}"/><text class="tick end" x="${left - 6}" y="${(at + 4).toFixed(1)}">${y.text(tick)}</text>`
  })}`
}

/** A line through points. */
export const lineThrough = (points: readonly (readonly [x: number, y: number])[]): string =>
  points.map(([x, y], place) => `${place === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('')
