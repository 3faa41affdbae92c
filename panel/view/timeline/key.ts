import type { TimelinePicture } from '../../model/timeline/picture.js'
import { element, setChildren } from '../elements.js'
import type { Theme, ViewContext } from '../view.js'
import { SharpCanvas } from './canvas.js'
import { hatch } from './ground.js'
import type { TimelineShownLane } from './lanes.js'
import { crossAt, markAt, ringAt } from './marks.js'

/** The reader folded the key: it stays so in this browser. */
const FOLDED = 'push-vs-pull-timeline-key-folded'
const WIDTH = 30
const HEIGHT = 16

type Sign =
  | 'line'
  | 'updated'
  | 'empty'
  | 'replaced'
  | 'hold'
  | 'failed'
  | 'held-back'
  | 'lost'
  | 'pending'
  | 'catch-up'
  | 'duplicate'
  | 'unknown'
  | 'outage'
  | 'unheard'

/** What the marks mean, in words: the signs that these lanes can show, and the rare ones once they have been seen. */
export function openKey({ text }: ViewContext) {
  const list = element('ul', {})
  const key = element('details', { class: 'key' }, element('summary', {}, text('timeline.key.title')), list)
  key.open = remembered() === null
  key.addEventListener('toggle', () => remember(!key.open))
  const seen = new Set<Sign>()
  let drawn = ''
  return {
    element: key,
    show(lanes: readonly TimelineShownLane[], picture: TimelinePicture, theme: Theme): void {
      for (const sign of signsOf(lanes, picture)) seen.add(sign)
      const colour = lanes.find(({ model }) => model === 'pull')?.shown.colour ?? lanes[0]?.shown.colour
      const now = JSON.stringify([[...seen], theme, colour, window.devicePixelRatio])
      if (now === drawn || colour === undefined) return
      drawn = now
      const signs = ORDER.filter(sign => seen.has(sign))
      setChildren(
        list,
        ...signs.map(sign =>
          element('li', {}, drawSign(sign, colour, theme), element('span', {}, text(`timeline.key.${sign}`)))
        )
      )
    }
  }
}

const ORDER: readonly Sign[] = [
  'line',
  'updated',
  'empty',
  'replaced',
  'hold',
  'pending',
  'failed',
  'held-back',
  'lost',
  'catch-up',
  'duplicate',
  'unknown',
  'outage',
  'unheard'
]

function* signsOf(
  lanes: readonly TimelineShownLane[],
  { lanes: shapes, faults, unheard }: TimelinePicture
): Iterable<Sign> {
  yield 'line'
  for (const { model, read, trigger } of lanes) {
    if (model !== 'pull') continue
    yield* ['updated', 'empty'] as const
    if (read === 'latest') yield 'replaced'
    if (trigger === 'long-poll') yield 'hold'
  }
  if (faults.length > 0) yield 'outage'
  if (unheard.length > 0) yield 'unheard'
  for (const { deliveries, missed, polls, outages } of shapes) {
    if (outages.length > 0) yield 'outage'
    if (missed.pending.length > 0) yield 'pending'
    if (missed.lost.length > 0) yield 'lost'
    if (deliveries.lines.some(({ kind }) => kind === 'catch-up')) yield 'catch-up'
    if (deliveries.duplicates.length > 0) yield 'duplicate'
    if (deliveries.unknown.length > 0) yield 'unknown'
    if (polls.offline.length > 0) yield 'outage'
    for (const { kind } of polls.marks) if (kind === 'failed' || kind === 'held-back') yield kind
  }
}

function drawSign(sign: Sign, colour: string, theme: Theme): HTMLElement {
  const canvas = new SharpCanvas()
  const context = canvas.begin(WIDTH, HEIGHT)
  const middle = HEIGHT / 2
  if (context === null) return canvas.element
  context.strokeStyle = colour
  context.lineWidth = 1.6
  const line = (dash: readonly number[], alpha: number, colourOfLine = colour) => {
    context.strokeStyle = colourOfLine
    context.globalAlpha = alpha
    context.setLineDash([...dash])
    context.beginPath()
    context.moveTo(5, 1)
    context.lineTo(WIDTH - 5, HEIGHT - 1)
    context.stroke()
    context.setLineDash([])
    context.globalAlpha = 1
  }
  if (sign === 'line') line([], 0.9)
  else if (sign === 'catch-up') line([1.5, 3], 0.9)
  else if (sign === 'pending') line([4, 3], 0.5)
  else if (sign === 'replaced' || sign === 'lost') {
    const [start, colourOfSign] = sign === 'lost' ? [WIDTH / 2, theme.error] : [5, colour]
    context.globalAlpha = sign === 'lost' ? 0.8 : 0.5
    context.strokeStyle = colourOfSign
    context.beginPath()
    context.moveTo(start, 1)
    context.lineTo(WIDTH / 2, middle + 2)
    context.stroke()
    context.globalAlpha = 1
    crossAt(context, WIDTH / 2, middle + 2, 3, colourOfSign)
  } else if (sign === 'hold') {
    context.globalAlpha = 0.4
    context.fillStyle = colour
    context.fillRect(2, middle - 2.5, WIDTH - 7, 5)
    context.globalAlpha = 1
    markAt(context, 'updated', WIDTH - 5, middle, 1, colour, theme)
  } else if (sign === 'outage') hatch(context, 2, WIDTH - 2, 1, HEIGHT - 1, theme.error)
  else if (sign === 'unheard') hatch(context, 2, WIDTH - 2, 1, HEIGHT - 1, theme.quiet)
  else if (sign === 'duplicate') ringAt(context, WIDTH / 2, middle, 2, colour)
  else if (sign === 'unknown') markAt(context, 'arrival', WIDTH / 2, middle + 4, 1, colour, theme)
  else markAt(context, sign, WIDTH / 2, middle, 1, colour, theme)
  return canvas.element
}

function remembered(): string | null {
  try {
    return localStorage.getItem(FOLDED)
  } catch (error) {
    if (error instanceof DOMException) return null
    throw error
  }
}

function remember(folded: boolean): void {
  try {
    if (folded) localStorage.setItem(FOLDED, '1')
    else localStorage.removeItem(FOLDED)
  } catch (error) {
    // a browser that keeps nothing shows the key again next time
    if (!(error instanceof DOMException)) throw error
  }
}
