import type uPlot from 'uplot'
import {
  type ChartMark,
  type ChartOverlay,
  type ChartRegion,
  shareAt
} from '../../model/charts/chart-picture.js'
import type { Drawn } from './uplot-options.js'

const REGION_ALPHA = 0.12

/** Draws what lies over the lines: shaded regions, overlays with their labels, and marks. */
export function drawOver(chart: uPlot, { picture, theme }: Drawn, fontPx: number, linePx: number): void {
  const { ctx, bbox } = chart
  const pixels = devicePixelRatio
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.clip()
  const place = (x: number, y: number): [number, number] => [
    chart.valToPos(x, 'x', true),
    chart.valToPos(y, 'y', true)
  ]

  const region = ({ x, y, colour }: ChartRegion): void => {
    const [left, top] = place(x?.[0] ?? picture.x.min, y?.[0] ?? picture.y.min)
    const [right, bottom] = place(x?.[1] ?? picture.x.max, y?.[1] ?? picture.y.max)
    ctx.fillStyle = colour
    ctx.globalAlpha = REGION_ALPHA
    ctx.fillRect(left, top, right - left, bottom - top)
    ctx.globalAlpha = 1
  }
  const line = ({ points, colour, dash }: ChartOverlay): void => {
    ctx.beginPath()
    for (const [x, y] of points) ctx.lineTo(...place(x, y))
    ctx.strokeStyle = colour ?? theme.text
    ctx.lineWidth = (linePx / 2) * pixels
    ctx.setLineDash(dash.map(length => length * pixels))
    ctx.stroke()
    ctx.setLineDash([])
  }
  const label = ({ points, label, colour }: ChartOverlay): void => {
    const last = points.at(-1)
    if (label === null || last === undefined) return
    const [x, y] = place(...last)
    const right = shareAt(picture.x, last[0]) > 0.5
    const high = y - bbox.top < fontPx * 1.5 * pixels
    ctx.textAlign = right ? 'right' : 'left'
    ctx.textBaseline = high ? 'top' : 'bottom'
    ctx.lineWidth = 3 * pixels
    ctx.lineJoin = 'round'
    ctx.strokeStyle = theme.background
    ctx.fillStyle = colour ?? theme.text
    const at = [label, x + (right ? -4 : 4) * pixels, y + (high ? 3 : -2) * pixels] as const
    ctx.strokeText(...at)
    ctx.fillText(...at)
  }
  const mark = ({ x, y, colour, shape }: ChartMark): void => {
    const [left, top] = place(x, y)
    const radius = linePx * 2 * pixels
    ctx.beginPath()
    if (shape === 'disc') ctx.arc(left, top, radius, 0, 2 * Math.PI)
    else if (shape === 'ring') ctx.arc(left, top, radius * 1.6, 0, 2 * Math.PI)
    else if (shape === 'square') ctx.rect(left - radius, top - radius, 2 * radius, 2 * radius)
    else {
      const reach = radius * 1.4
      ctx.moveTo(left, top - reach)
      ctx.lineTo(left + reach, top)
      ctx.lineTo(left, top + reach)
      ctx.lineTo(left - reach, top)
      ctx.closePath()
    }
    // the last line may have left its pattern here
    ctx.setLineDash([])
    ctx.fillStyle = colour
    ctx.strokeStyle = shape === 'ring' ? colour : theme.background
    ctx.lineWidth = 1.5 * pixels
    if (shape !== 'ring') ctx.fill()
    ctx.stroke()
  }

  for (const one of picture.regions ?? []) region(one)
  for (const overlay of picture.overlays) line(overlay)
  for (const overlay of picture.overlays) label(overlay)
  ctx.restore()
  // whole, at the edge too
  for (const one of picture.marks) if (one.x >= picture.x.min && one.x <= picture.x.max) mark(one)
}
