import type { Band, StreamGroup, TimelineLayout } from '../../model/timeline/layout.js'
import type { Unfinished, Waiting } from '../../model/timeline/missed.js'
import type { LaneShapes, OriginTicks, TimelinePicture } from '../../model/timeline/picture.js'
import type { ShownLane, Theme } from '../view.js'
import { hatch } from './ground.js'
import { crossAt, markAt, ringAt } from './marks.js'

type Context = CanvasRenderingContext2D

/** How to draw: the theme, and the size of marks and strokes, larger for a projector. */
export interface Pen {
  readonly theme: Theme
  readonly size: number
}

/** From a cross to the line of the newer update. */
const BEFORE = 4

/** Everything that moves with time. */
export function drawFlow(
  context: Context,
  picture: TimelinePicture,
  { groups, axis }: TimelineLayout,
  lanes: readonly ShownLane[],
  pen: Pen
): void {
  const { theme } = pen
  const top = groups[0]?.top ?? 0
  for (const { from, to } of picture.unheard) hatch(context, from, to, top, axis - 4, theme.quiet)
  for (const { from, to } of picture.faults) hatch(context, from, to, top, axis - 4, theme.error)
  for (const group of groups) {
    const ticks = picture.ticks.get(group.stream)
    if (ticks !== undefined) drawTicks(context, group, ticks, pen)
    for (const band of group.bands) {
      const shapes = picture.lanes[band.lane]
      const lane = lanes[band.lane]
      if (shapes !== undefined && lane !== undefined) drawLane(context, band, shapes, lane, pen)
    }
  }
  context.globalAlpha = 1
}

function drawTicks(context: Context, group: StreamGroup, ticks: OriginTicks, { theme, size }: Pen): void {
  context.lineWidth = 1.5 * size
  context.strokeStyle = theme.text
  context.beginPath()
  for (const x of ticks.places) {
    context.moveTo(x, group.top)
    context.lineTo(x, group.bottom)
  }
  context.stroke()
  const end = group.bands.at(-1)?.bottom
  if (end === undefined) return
  context.lineWidth = 1
  context.strokeStyle = theme.quiet
  context.globalAlpha = 0.35
  context.setLineDash([2, 3])
  context.beginPath()
  for (const x of ticks.guides) {
    context.moveTo(x, group.bottom)
    context.lineTo(x, end)
  }
  context.stroke()
  context.setLineDash([])
  context.globalAlpha = 1
}

function drawLane(
  context: Context,
  band: Band,
  { deliveries, missed, polls, outages }: LaneShapes,
  { colour }: ShownLane,
  pen: Pen
): void {
  const { theme, size } = pen
  const { top, bottom } = band
  context.strokeStyle = colour
  context.fillStyle = colour
  for (const { from, to } of outages) hatch(context, from, to, top, bottom, theme.error)
  // what the lane saw before the report tells of it
  for (const { from, to } of polls.offline)
    if (!outages.some(outage => outage.from < to && from < outage.to))
      hatch(context, from, to, top, bottom, theme.error)
  drawHolds(context, band, polls, size)

  drawWaiting(context, band, missed.pending, size)
  context.lineWidth = 1.2 * size
  context.globalAlpha = 0.5
  strokeUnfinished(context, band, missed.replaced, size)

  context.globalAlpha = 0.35
  for (const { fromLeft, fromRight, toLeft, toRight } of deliveries.areas)
    fillArea(context, band, fromLeft, fromRight, toLeft, toRight)
  context.globalAlpha = 0.9
  context.lineWidth = 1.6 * size
  for (const kind of ['normal', 'catch-up'] as const) {
    if (kind === 'catch-up') context.setLineDash([1.5 * size, 3 * size])
    context.beginPath()
    for (const line of deliveries.lines) {
      if (line.kind !== kind) continue
      context.moveTo(line.from, top)
      context.lineTo(line.to, bottom)
    }
    context.stroke()
  }
  context.setLineDash([])

  context.globalAlpha = 1
  for (const line of [...missed.replaced, ...missed.crosses]) {
    const [x, y] = endOf(band, line, size)
    crossAt(context, x, Math.min(Math.max(y, top + 4 * size), bottom - 4 * size), 3 * size, colour)
  }
  for (const x of missed.lost) {
    context.globalAlpha = 0.8
    context.strokeStyle = theme.error
    context.beginPath()
    context.moveTo(x, top)
    context.lineTo(x, top + 10 * size)
    context.stroke()
    crossAt(context, x, top + 10 * size, 3.5 * size, theme.error)
  }
  context.globalAlpha = 1
  if (polls.marks.length === 0)
    for (const x of deliveries.arrivals) markAt(context, 'dot', x, bottom, size, colour, theme)
  for (const x of deliveries.unknown) markAt(context, 'arrival', x, bottom, size, colour, theme)
  for (const x of deliveries.duplicates) ringAt(context, x, bottom - 10 * size, 2 * size, colour)
  for (const { kind, x } of polls.marks) markAt(context, kind, x, bottom, size, colour, theme)
}

function drawHolds(
  context: Context,
  { bottom }: Band,
  { holds, open }: LaneShapes['polls'],
  size: number
): void {
  const height = 5 * size
  context.globalAlpha = 0.4
  for (const { from, to } of holds) context.fillRect(from, bottom - height / 2, to - from, height)
  if (open === null) return
  context.globalAlpha = 0.2
  context.fillRect(open.from, bottom - height / 2, open.to - open.from, height)
}

function drawWaiting(context: Context, band: Band, waiting: readonly Waiting[], size: number): void {
  context.lineWidth = 1.2 * size
  context.setLineDash([4, 3])
  for (const { first, last, toward } of waiting) {
    context.globalAlpha = 0.15
    if (last > first) fillArea(context, band, first, last, toward, toward)
    context.globalAlpha = 0.5
    context.beginPath()
    for (const from of new Set([first, last])) {
      context.moveTo(from, band.top)
      context.lineTo(toward, band.bottom)
    }
    context.stroke()
  }
  context.setLineDash([])
}

function fillArea(
  context: Context,
  { top, bottom }: Band,
  fromLeft: number,
  fromRight: number,
  toLeft: number,
  toRight: number
): void {
  context.beginPath()
  context.moveTo(fromLeft, top)
  context.lineTo(fromRight, top)
  context.lineTo(toRight, bottom)
  context.lineTo(toLeft, bottom)
  context.fill()
}

function strokeUnfinished(context: Context, band: Band, lines: readonly Unfinished[], size: number): void {
  context.beginPath()
  for (const line of lines) {
    context.moveTo(line.from, band.top)
    context.lineTo(...endOf(band, line, size))
  }
  context.stroke()
}

/** Where an unfinished line ends: a little before the line of the newer one begins, so that it does not cross that out. */
function endOf({ top, bottom }: Band, { from, toward, share }: Unfinished, size: number): [number, number] {
  const way = toward - from
  const end = way > 0 ? Math.max(0, share - (BEFORE * size) / way) : share
  return [from + way * end, top + (bottom - top) * end]
}
