import type { Ms } from '../../../lib/units.js'
import type { TimelineLayout } from '../../model/timeline/layout.js'
import type { AxisTick } from '../../model/timeline/scale.js'
import type { ShownLane, Theme } from '../view.js'

/** What stands still below the moving lines: bands, their edges, and the axis of time. */
export function drawGround(
  context: CanvasRenderingContext2D,
  { groups, axis }: TimelineLayout,
  width: number,
  ticks: readonly AxisTick[],
  lanes: readonly ShownLane[],
  theme: Theme
): void {
  const line = (y: number, colour: string) => {
    context.fillStyle = colour
    context.fillRect(0, Math.round(y) - 0.5, width, 1)
  }
  for (const { bottom, bands } of groups) {
    for (const band of bands) {
      context.globalAlpha = theme.dark ? 0.1 : 0.06
      context.fillStyle = lanes[band.lane]?.colour ?? theme.quiet
      context.fillRect(0, band.top, width, band.bottom - band.top)
      context.globalAlpha = 1
      line(band.top, theme.grid)
      context.globalAlpha = 0.6
      line(band.bottom, theme.quiet)
      context.globalAlpha = 1
    }
    line(bottom, theme.text)
  }
  context.fillStyle = theme.quiet
  for (const { x } of ticks) context.fillRect(Math.min(width - 1, Math.round(x)), axis - 3, 1, 6)
}

const HATCH = 8

/** Diagonal lines over a stretch of time, so that a shade is more than a colour. */
export function hatch(
  context: CanvasRenderingContext2D,
  left: number,
  right: number,
  top: number,
  bottom: number,
  colour: string
): void {
  context.save()
  context.beginPath()
  context.rect(left, top, right - left, bottom - top)
  context.clip()
  context.globalAlpha = 0.12
  context.fillStyle = colour
  context.fillRect(left, top, right - left, bottom - top)
  context.globalAlpha = 0.35
  context.strokeStyle = colour
  context.lineWidth = 1
  context.beginPath()
  const height = bottom - top
  // bound to the end that moves with time, so that the lines do too
  const anchor = left > 0 ? left : right
  const first = anchor + Math.ceil((Math.max(left, 0) - height - anchor) / HATCH) * HATCH
  for (let x = first; x < right; x += HATCH) {
    context.moveTo(x, bottom)
    context.lineTo(x + height, top)
  }
  context.stroke()
  context.restore()
}

/** Words below the ticks; the outermost ones stay inside. */
export function drawAxis(
  context: CanvasRenderingContext2D,
  { height }: TimelineLayout,
  width: number,
  ticks: readonly AxisTick[],
  theme: Theme,
  words: (agoMs: Ms) => string
): void {
  context.fillStyle = theme.quiet
  context.textBaseline = 'bottom'
  for (const { x, agoMs } of ticks) {
    const text = words(agoMs)
    const half = context.measureText(text).width / 2
    context.fillText(text, Math.min(Math.max(0, x - half), width - 2 * half), height)
  }
}
