import type { Advice, DecisionFacts, DecisionSettings, FrontierPoint } from '../../../lib/theory/decision.js'
import { pointOf } from '../../../lib/theory/frontier.js'
import type { Gaps } from '../../../lib/theory/gaps.js'
import { situationOf } from '../../../lib/theory/situation.js'
import { type CostAxis, type FreshAxis, intervalAt } from '../../model/decision/frontier-axes.js'
import { measuredLanes } from '../../model/decision/frontier-lanes.js'
import { frontierPicture, hasCurve } from '../../model/decision/frontier-picture.js'
import { frontierRows } from '../../model/decision/frontier-rows.js'
import { openChart } from '../charts/chart.js'
import { openReadout, rowsInWords } from '../charts/readout.js'
import { element } from '../elements.js'
import type { ShownLane, Theme, ViewContext } from '../view.js'

/** Shades what meets the target; on light and on dark. */
const TARGET = { light: '#007d5a', dark: '#2fd3a3' }
/** Names stand beside the dots from this width on, and up to so many lanes. */
const NAMED_WIDTH = 420
const NAMED_LANES = 6
/** Where it is narrower, words would lie over each other: they stand below. */
const WORDS_WIDTH = 260

export interface FrontierShown {
  readonly advice: Advice
  readonly facts: DecisionFacts
  readonly gaps: Gaps
  readonly settings: DecisionSettings
  readonly lanes: readonly ShownLane[]
  readonly expanded: boolean
  readonly theme: Theme
}

/** What every interval of polling costs and brings for this traffic; push and the measured lanes beside it. */
export function openFrontier(context: ViewContext) {
  const { text, numbers } = context
  let last: FrontierShown | null = null
  let cost: CostAxis = 'requests'
  let fresh: FreshAxis = 'latency'

  const redraw = (): void => {
    if (last !== null) draw(last)
  }
  const chart = openChart(text('frontier.cursor'), { stale: redraw, pointed: redraw })
  const readout = openReadout(text('frontier.readout'))
  const toggle = (name: 'bytes' | 'age', pressed: () => boolean): HTMLButtonElement => {
    const button = element('button', {
      type: 'button',
      class: `toggle ${name}`,
      'aria-pressed': 'false',
      title: text(`frontier.${name}Title`),
      onclick: () => {
        button.setAttribute('aria-pressed', String(pressed()))
        redraw()
      }
    })
    button.textContent = text(`frontier.${name}`)
    return button
  }
  const bytes = toggle('bytes', () => {
    cost = cost === 'bytes' ? 'requests' : 'bytes'
    return cost === 'bytes'
  })
  const age = toggle('age', () => {
    fresh = fresh === 'age' ? 'latency' : 'age'
    return fresh === 'age'
  })
  const axes = element('p', { class: 'axes' })
  const nothing = element('p', { class: 'note', hidden: true }, text('frontier.nothing'))
  const picture = element('div', {}, axes, chart.element)
  const whole = element(
    'div',
    { class: 'frontier' },
    element('h4', {}, text('frontier.title')),
    element('div', { class: 'tools' }, bytes, age),
    nothing,
    picture,
    readout.element
  )

  function draw({ advice, facts, gaps, settings, lanes, expanded, theme }: FrontierShown): void {
    bytes.disabled = !hasCurve(advice.frontier, { cost: 'bytes' })
    const shown = { cost: bytes.disabled ? 'requests' : cost, fresh } as const
    const measured = measuredLanes(lanes, facts, gaps, settings, shown)
    const situation = situationOf(facts, settings, gaps)
    const advised = (interval: string): string =>
      text(advice.verdict === 'push' ? 'frontier.otherwise' : 'frontier.advised', { interval })
    const curve = hasCurve(advice.frontier, shown)
      ? { points: advice.frontier, at: (interval: number) => pointOf(situation, interval) }
      : null
    nothing.hidden = curve !== null
    picture.hidden = curve === null
    const size = chart.size(expanded)
    let pointed: FrontierPoint | null = null
    if (curve !== null && size !== null) {
      const interval = chart.cursor === null ? null : intervalAt(curve.points, chart.cursor, shown.cost)
      if (interval !== null) pointed = curve.at(interval)
      const options = {
        curve,
        axes: shown,
        settings,
        lanes: measured,
        ticks: size.ticks,
        numbers,
        colours: { curve: theme.text, target: theme.dark ? TARGET.dark : TARGET.light },
        texts: {
          advised: size.width < WORDS_WIDTH ? () => '' : advised,
          target: size.width < WORDS_WIDTH ? '' : text('frontier.target'),
          budget: text('frontier.budget')
        },
        named: size.width >= NAMED_WIDTH && measured.length <= NAMED_LANES
      }
      chart.show(frontierPicture(advice, { ...options, pointed }), size, theme)
    }
    axes.textContent = text(`frontier.axes.${shown.fresh}.${shown.cost}`)
    const rows = frontierRows(advice, curve, measured, pointed, {
      axes: shown,
      numbers,
      colour: theme.text,
      texts: {
        every: interval => text('frontier.every', { interval }),
        advised,
        cost: text(`frontier.cost.${shown.cost}`),
        fresh: text(`frontier.fresh.${shown.fresh}`),
        inTime: text('frontier.inTime'),
        empty: text('frontier.empty'),
        unseen: text('frontier.unseen'),
        unknown: text('frontier.unknown')
      }
    })
    readout.show(rows)
    const words = rowsInWords(rows)
    chart.tell(words)
    chart.describe(text('frontier.summary', { axes: axes.textContent, lanes: words }), false)
  }

  return {
    element: whole,
    show(shown: FrontierShown): void {
      last = shown
      draw(shown)
    },
    close: () => chart.close()
  }
}
