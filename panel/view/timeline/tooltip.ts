import { clockText } from '../../model/clock-text.js'
import { type Chapter, chapterOf } from '../../model/timeline/story.js'
import type { Target } from '../../model/timeline/target.js'
import type { TrackExchange, Tracks } from '../../model/tracks.js'
import { element, setChildren } from '../elements.js'
import type { ViewContext } from '../view.js'
import type { TimelineShownLane } from './lanes.js'

/** A line of the tooltip; with the colour of a lane that it is about. */
export interface TooltipLine {
  readonly text: string
  readonly colour?: string
}

const LONGEST_ID = 48

/** A target in words. */
export function wordsOf(
  target: Target,
  lanes: readonly TimelineShownLane[],
  tracks: Tracks,
  context: ViewContext
): readonly TooltipLine[] {
  return target.kind === 'poll'
    ? pollWords(target, lanes[target.lane], context)
    : updateWords(target, lanes, tracks, context)
}

function updateWords(
  { update, stream }: Extract<Target, { kind: 'update' }>,
  lanes: readonly TimelineShownLane[],
  tracks: Tracks,
  { text, numbers }: ViewContext
): readonly TooltipLine[] {
  const name = update.sequence === null ? update.id : numbers.count(update.sequence)
  const long = name !== null && name.length > LONGEST_ID
  const title =
    name === null
      ? text('timeline.update.unnamed', { stream })
      : text('timeline.update.named', { name: long ? `${name.slice(0, LONGEST_ID)}…` : name, stream })
  return [
    { text: title },
    {
      text:
        update.generated === null
          ? text('timeline.update.timeless')
          : text('timeline.update.generated', { time: clockText(update.generated) })
    },
    ...lanes
      .filter(lane => lane.stream === stream)
      .map(lane => ({
        colour: lane.shown.colour,
        text: text('timeline.fate.line', {
          lane: lane.shown.report.name,
          fate: fateWords(chapterOf(lane, tracks, update), lane, { text, numbers })
        })
      }))
  ]
}

function fateWords(
  chapter: Chapter,
  { model }: TimelineShownLane,
  { text, numbers }: Pick<ViewContext, 'text' | 'numbers'>
): string {
  if (chapter.kind === 'pending') return text(`timeline.fate.pending.${model}`)
  if (chapter.kind !== 'arrived') return text(`timeline.fate.${chapter.kind}`)
  const { latencyMs, received, catchUp, again } = chapter
  const arrived =
    latencyMs === null
      ? text('timeline.fate.arrivedAt', { time: clockText(received) })
      : text('timeline.fate.arrived', { latency: numbers.duration(latencyMs) })
  return [
    arrived,
    ...(catchUp ? [text('timeline.fate.catchUp')] : []),
    ...(again > 0 ? [text('timeline.fate.again', { count: numbers.count(again) })] : [])
  ].join(', ')
}

function pollWords(
  { poll, polls }: Extract<Target, { kind: 'poll' }>,
  lane: TimelineShownLane | undefined,
  { text, numbers }: ViewContext
): readonly TooltipLine[] {
  const took = poll.ended - poll.started
  return [
    { text: text('timeline.poll.title', { lane: lane?.shown.report.name ?? '' }), ...colourOf(lane) },
    { text: [outcomeWords(poll, { text, numbers }), codeWords(poll)].filter(Boolean).join(', ') },
    {
      text: text('timeline.poll.when', { time: clockText(poll.ended), duration: numbers.duration(took) })
    },
    ...(polls > 1 ? [{ text: text('timeline.poll.more', { count: numbers.count(polls) }) }] : [])
  ]
}

const colourOf = (lane: TimelineShownLane | undefined): { colour?: string } =>
  lane === undefined ? {} : { colour: lane.shown.colour }

function outcomeWords(
  { outcome, updates }: TrackExchange,
  { text, numbers }: Pick<ViewContext, 'text' | 'numbers'>
): string {
  if (outcome !== 'updated') return text(`timeline.outcome.${outcome}`)
  return updates === 1
    ? text('timeline.outcome.updatedOne')
    : text('timeline.outcome.updated', { count: numbers.count(updates) })
}

const codeWords = ({ code }: TrackExchange): string =>
  typeof code === 'number' ? `HTTP ${code}` : (code ?? '')

/** The box beside what is pointed at; it stays inside the picture, and the pointer goes through it. */
export function openTooltip() {
  const box = element('div', { class: 'tip', hidden: true, 'aria-hidden': 'true' })
  return {
    element: box,
    /** @param below - how far down it may reach, px from the top of the picture */
    show(lines: readonly TooltipLine[], x: number, y: number, width: number, below: number): void {
      setChildren(
        box,
        ...lines.map(({ text, colour }) => {
          const line = element('p', {}, text)
          if (colour !== undefined) line.style.borderLeftColor = colour
          return line
        })
      )
      box.hidden = false
      const { offsetWidth, offsetHeight } = box
      const left = x + 12 + offsetWidth <= width ? x + 12 : x - 12 - offsetWidth
      const top = y + 12 + offsetHeight <= below ? y + 12 : y - 12 - offsetHeight
      box.style.left = `${Math.max(0, Math.min(left, width - offsetWidth))}px`
      box.style.top = `${Math.max(0, top)}px`
    },
    hide(): void {
      box.hidden = true
    }
  }
}
