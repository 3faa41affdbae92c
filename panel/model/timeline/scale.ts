import type { EpochMs, Ms } from '../../../lib/units.js'

/** Where instants stand in a picture whose right edge is an instant. */
export interface TimeScale {
  /** Instants at both edges of the view. */
  readonly from: EpochMs
  readonly edge: EpochMs
  /** Last instant that is drawn: a little beyond the edge, so that the picture can move on until the next drawing. */
  readonly end: EpochMs
  readonly perMs: number
  readonly width: number
}

/** Drawn beyond the right edge. */
export const AHEAD_MS: Ms = 1500

/** @param width - of the view in CSS px, which is `spanMs` long */
export function timeScale(edge: EpochMs, spanMs: Ms, width: number): TimeScale {
  return { from: edge - spanMs, edge, end: edge + AHEAD_MS, perMs: width / spanMs, width }
}

/**
 * The last instant up to `edge` that falls on a whole pixel of the screen: drawn for such instants only, a line is
 * painted alike in every drawing.
 * @param ratio - pixels of the screen in a CSS px
 */
export function onWholePixel(edge: EpochMs, spanMs: Ms, width: number, ratio: number): EpochMs {
  const pixelsPerMs = (width / spanMs) * ratio
  return Math.floor(edge * pixelsPerMs) / pixelsPerMs
}

/** Distance of an instant from the left edge in px; a difference first, for instants are large. */
export const xOf = ({ from, perMs }: TimeScale, instant: EpochMs): number => (instant - from) * perMs

export const instantAt = ({ from, perMs }: TimeScale, x: number): EpochMs => from + x / perMs

/**
 * Number of the cell of `size` px that an instant lies in. Cells are bound to the clock and not to the edge: what is
 * put together in one drawing stays together in the next.
 */
export const cellOf = ({ perMs }: TimeScale, instant: EpochMs, size: number): number =>
  Math.floor((instant * perMs) / size)

/** A tick of the axis: so long before the edge. */
export interface AxisTick {
  readonly x: number
  readonly agoMs: Ms
}

const STEPS_MS: readonly Ms[] = [1000, 2000, 5000, 10_000, 20_000, 30_000, 60_000]

/** Ticks in round steps back from the edge, at least `apart` px from each other. */
export function axisTicks({ width, perMs }: TimeScale, apart: number): readonly AxisTick[] {
  const step = STEPS_MS.find(ms => ms * perMs >= apart) ?? 120_000
  const ticks: AxisTick[] = []
  for (let agoMs = 0; agoMs * perMs <= width + 0.5; agoMs += step)
    ticks.push({ x: width - agoMs * perMs, agoMs })
  return ticks
}
