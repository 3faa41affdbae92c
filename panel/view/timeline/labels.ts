import type { Ms } from '../../../lib/units.js'
import { laneFacts, updatesIn } from '../../model/timeline/facts.js'
import type { TimelineLayout } from '../../model/timeline/layout.js'
import { element, setChildren, setText } from '../elements.js'
import type { Shown, ViewContext } from '../view.js'
import type { TimelineShownLane } from './lanes.js'
import { laneFigures, laneSummary } from './summary.js'

/** Figures beside the names change this often, the text alternative less often. */
const FIGURES_MS: Ms = 2000
const SUMMARY_MS: Ms = 5000

/** Names above the rows, a figure beside each, and the whole picture in a sentence. */
export function openLabels(context: ViewContext) {
  const { text, numbers } = context
  const box = element('div', { class: 'labels' })
  const figures = new Map<string, HTMLElement>()
  let drawn = ''
  let [figuresAt, summaryAt] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]
  let summary = ''
  let room = 0

  const row = (top: number, height: number, ...parts: HTMLElement[]): HTMLElement => {
    const made = element('div', { class: 'row' }, ...parts)
    made.style.top = `${top}px`
    made.style.height = `${height}px`
    return made
  }
  const figure = (key: string): HTMLElement => {
    const made = element('span', { class: 'figure' })
    figures.set(key, made)
    return made
  }
  const laneButton = ({ shown }: TimelineShownLane): HTMLElement => {
    const { name, source } = shown.report
    const button = element(
      'button',
      {
        type: 'button',
        class: 'lane-name',
        title: text('timeline.reveal', { name }),
        onclick: () => context.reveal(source)
      },
      name
    )
    button.style.setProperty('--lane', shown.colour)
    return button
  }
  const build = ({ groups, text: height }: TimelineLayout, lanes: readonly TimelineShownLane[]) => {
    figures.clear()
    setChildren(
      box,
      ...groups.flatMap(({ stream, label, bands }) => [
        row(
          label,
          height,
          element('span', { class: 'stream', title: stream }, text('timeline.origin', { stream })),
          figure(stream)
        ),
        ...bands.flatMap(band => {
          const lane = lanes[band.lane]
          return lane === undefined ? [] : [row(band.label, height, laneButton(lane), figure(lane.key))]
        })
      ])
    )
  }
  const write = (
    layout: TimelineLayout,
    lanes: readonly TimelineShownLane[],
    shown: Shown,
    width: number
  ) => {
    const from = shown.edge - shown.spanMs
    const sentences: string[] = []
    for (const { stream, bands } of layout.groups) {
      const updates = updatesIn(stream, shown.tracks, from, shown.edge)
      const count =
        updates === 1
          ? text('timeline.updatesOne')
          : text('timeline.updates', { count: numbers.count(updates) })
      setFigure(figures, stream, count)
      sentences.push(layout.groups.length > 1 ? `${stream}: ${count}` : count)
      for (const band of bands) {
        const lane = lanes[band.lane]
        if (lane === undefined) continue
        const facts = laneFacts(lane, shown.tracks, from, shown.edge)
        setFigure(figures, lane.key, laneFigures(facts, width, context))
        sentences.push(laneSummary(lane.shown.report.name, facts, updates, context))
      }
    }
    if (sentences.length === 0) return text('timeline.noLanes')
    return text('timeline.summary', {
      span: numbers.duration(shown.spanMs),
      sentences: sentences.join('; ')
    })
  }

  return {
    element: box,
    /** @returns the picture in a sentence, as of at most 5 s ago; of now while it stands still */
    show(
      layout: TimelineLayout,
      lanes: readonly TimelineShownLane[],
      shown: Shown,
      width: number,
      now: Ms
    ): string {
      const key = JSON.stringify([
        layout.groups,
        lanes.map(lane => [lane.key, lane.shown.colour, lane.shown.report.name])
      ])
      if (key !== drawn) {
        drawn = key
        build(layout, lanes)
        figuresAt = Number.NEGATIVE_INFINITY
        summaryAt = Number.NEGATIVE_INFINITY
      }
      if (shown.frozen || width !== room || now - figuresAt >= FIGURES_MS) {
        room = width
        figuresAt = now
        const sentence = write(layout, lanes, shown, width)
        if (shown.frozen || now - summaryAt >= SUMMARY_MS) {
          summaryAt = now
          summary = sentence
        }
      }
      return summary
    }
  }
}

function setFigure(figures: ReadonlyMap<string, HTMLElement>, key: string, words: string): void {
  const target = figures.get(key)
  if (target !== undefined) setText(target, words)
}
