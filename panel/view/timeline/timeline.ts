import type { Ms } from '../../../lib/units.js'
import { type TimelineLayout, timelineLayout } from '../../model/timeline/layout.js'
import { timelinePicture } from '../../model/timeline/picture.js'
import { AHEAD_MS, axisTicks, onWholePixel, type TimeScale, timeScale } from '../../model/timeline/scale.js'
import { element, setText } from '../elements.js'
import type { Shown, View, ViewContext } from '../view.js'
import { SharpCanvas } from './canvas.js'
import { drawFlow, type Pen } from './flow.js'
import { drawAxis, drawGround } from './ground.js'
import { openKey } from './key.js'
import { openLabels } from './labels.js'
import { type TimelineShownLane, timelineLanes } from './lanes.js'
import { openPointing } from './pointing.js'
import { Slide } from './slide.js'

/** What was drawn last, for whoever points at it. */
export interface Drawn {
  readonly shown: Shown
  readonly lanes: readonly TimelineShownLane[]
  readonly layout: TimelineLayout
  readonly scale: TimeScale
  readonly pen: Pen
}

/** Sizes of marks and strokes: on a projector, and where there is little room. */
const PROJECTOR = 1.6
const NARROW = 0.75
const NARROW_WIDTH = 240
/** Text of the axis needs so much room, px. */
const AXIS_TEXT = 52

/**
 * The signature picture: each update as a line from the instant of its generation to that of its arrival, lane below
 * lane. Drawn a few times a second; between drawings the browser moves what is there.
 */
export function openTimeline(context: ViewContext): View {
  const ground = new SharpCanvas()
  const flow = new SharpCanvas()
  const highlight = new SharpCanvas()
  const moved = element('div', { class: 'moved' }, flow.element, highlight.element)
  const slide = new Slide(moved)
  const labels = openLabels(context)
  const key = openKey(context)
  const pointing = openPointing(context, slide, highlight)
  const stage = element(
    'div',
    {
      class: 'stage',
      tabindex: '0',
      role: 'application',
      'aria-label': context.text('timeline.title'),
      'aria-describedby': 'timeline-summary timeline-keys'
    },
    ground.element,
    element('div', { class: 'window' }, moved),
    labels.element,
    pointing.tooltip
  )
  const summary = element('p', { class: 'unseen', id: 'timeline-summary' })
  const keys = element('p', { class: 'unseen', id: 'timeline-keys' }, context.text('timeline.keys'))
  const whole = element('div', {}, stage, summary, keys, pointing.spoken, key.element)
  pointing.listen(stage)

  let last: Shown | null = null
  let width = 0
  let [drawn, grounded] = ['', '']
  const resized = new ResizeObserver(() => {
    if (stage.clientWidth === width) return
    width = stage.clientWidth
    if (last !== null) draw(last)
  })
  resized.observe(stage)

  function draw(shown: Shown): void {
    const begun = performance.now()
    last = shown
    if (width <= 0) return
    const theme = context.theme()
    const lanes = timelineLanes(shown.lanes)
    const layout = timelineLayout(lanes, shown.expanded)
    const edge = onWholePixel(shown.edge, shown.spanMs, width, window.devicePixelRatio)
    const scale = timeScale(edge, shown.spanMs, width)
    const pen = { theme, size: shown.expanded ? PROJECTOR : width < NARROW_WIDTH ? NARROW : 1 }
    const outlook = JSON.stringify([layout, width, shown.spanMs, theme, pen.size, window.devicePixelRatio])
    const now = JSON.stringify([outlook, lanes.map(lane => lane.key), shown.edge, shown.tracks.upTo])
    if (shown.frozen && now === drawn) return
    drawn = now
    stage.dataset.edge = String(scale.edge)
    stage.style.height = `${layout.height}px`
    if (outlook !== grounded) {
      grounded = outlook
      drawStill(shown, layout, scale, pen)
    }
    const picture = timelinePicture(lanes, shown.tracks, scale)
    const pixels = width + Math.ceil(AHEAD_MS * scale.perMs)
    const canvas = flow.begin(pixels, layout.height)
    if (canvas !== null) drawFlow(canvas, picture, layout, shown.lanes, pen)
    setText(summary, labels.show(layout, lanes, shown, width, begun))
    key.show(lanes, picture, theme)
    move(shown, scale, begun)
    pointing.drew({ shown, lanes, layout, scale, pen })
  }

  function drawStill(shown: Shown, layout: TimelineLayout, scale: TimeScale, pen: Pen): void {
    const canvas = ground.begin(width, layout.height)
    if (canvas === null) return
    const ticks = axisTicks(scale, AXIS_TEXT * Math.max(1, pen.size))
    drawGround(canvas, layout, width, ticks, shown.lanes, pen.theme)
    canvas.font = `${11 * Math.max(1, pen.size)}px ${getComputedStyle(stage).fontFamily}`
    drawAxis(canvas, layout, width, ticks, pen.theme, agoMs =>
      agoMs === 0
        ? context.text('timeline.now')
        : context.text('timeline.ago', { seconds: context.numbers.count(agoMs / 1000) })
    )
  }

  function move(shown: Shown, { edge, perMs }: TimeScale, begun: Ms): void {
    if (shown.frozen || context.still()) slide.rest()
    else slide.start(begun - (shown.edge - edge), perMs, window.devicePixelRatio)
  }

  return {
    element: whole,
    show: draw,
    close() {
      resized.disconnect()
      slide.rest()
      pointing.close()
    }
  }
}
