import type { TimelineLayout } from '../../model/timeline/layout.js'
import { type TimeScale, xOf } from '../../model/timeline/scale.js'
import { chapterOf } from '../../model/timeline/story.js'
import { isSameUpdate, type Target, type UpdateName } from '../../model/timeline/target.js'
import type { Tracks } from '../../model/tracks.js'
import type { Pen } from './flow.js'
import type { TimelineShownLane } from './lanes.js'

type Context = CanvasRenderingContext2D

/** Draws what the reader points at again, stronger: an update in every lane that it went to, or one poll. */
export function drawHighlight(
  context: Context,
  target: Target,
  { groups }: TimelineLayout,
  lanes: readonly TimelineShownLane[],
  tracks: Tracks,
  scale: TimeScale,
  pen: Pen
): void {
  const bands = groups.flatMap(group => group.bands)
  if (target.kind === 'poll') {
    const band = bands.find(({ lane }) => lane === target.lane)
    if (band !== undefined) ring(context, xOf(scale, target.at), band.bottom, 6 * pen.size, pen)
    return
  }
  const { update, stream } = target
  const group = groups.find(candidate => candidate.stream === stream)
  if (group === undefined) return
  if (update.generated !== null) {
    const x = xOf(scale, update.generated)
    context.strokeStyle = pen.theme.text
    context.lineWidth = 3 * pen.size
    stroke(context, x, group.top - 2, x, group.bottom)
    context.globalAlpha = 0.5
    context.lineWidth = 1
    stroke(context, x, group.bottom, x, group.bands.at(-1)?.bottom ?? group.bottom)
    context.globalAlpha = 1
  }
  for (const band of group.bands) {
    const lane = lanes[band.lane]
    if (lane === undefined) continue
    const chapter = chapterOf(lane, tracks, update)
    if (chapter.kind !== 'arrived') continue
    const to = xOf(scale, chapter.received)
    const from = update.generated === null ? to : xOf(scale, generatedIn(lane.key, tracks, update))
    context.strokeStyle = pen.theme.background
    context.lineWidth = 6 * pen.size
    stroke(context, from, band.top, to, band.bottom)
    context.strokeStyle = lane.shown.colour
    context.lineWidth = 3 * pen.size
    stroke(context, from, band.top, to, band.bottom)
    ring(context, to, band.bottom, 6 * pen.size, pen)
  }
}

/** What one lane takes for the instant of generation: of foreign updates, lanes may know different ones. */
function generatedIn(key: string, tracks: Tracks, update: UpdateName): number {
  for (const delivery of tracks.track(key)?.deliveries ?? [])
    if (isSameUpdate(delivery, update) && delivery.generated !== null) return delivery.generated
  return update.generated ?? 0
}

function stroke(context: Context, x1: number, y1: number, x2: number, y2: number): void {
  context.beginPath()
  context.moveTo(x1, y1)
  context.lineTo(x2, y2)
  context.stroke()
}

function ring(context: Context, x: number, y: number, radius: number, { theme, size }: Pen): void {
  context.strokeStyle = theme.text
  context.lineWidth = 1.5 * size
  context.beginPath()
  context.arc(x, y, radius, 0, 2 * Math.PI)
  context.stroke()
}
