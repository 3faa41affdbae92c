import type { ReadoutRow } from '../../model/charts/chart-picture.js'
import {
  type LatencyLane,
  latencyLanes,
  latencyPicture,
  latencyRows
} from '../../model/charts/latency-picture.js'
import { theoryCurves, theoryFigures, theoryOverlays } from '../../model/charts/theory.js'
import { savedCurves, savedMedians, savedOverlays } from '../../model/saved/beside.js'
import { targetsOf } from '../../model/targets.js'
import { flagTexts } from '../../model/words/flag-texts.js'
import { changes, looks } from '../changes.js'
import { element } from '../elements.js'
import type { Shown, View, ViewContext } from '../view.js'
import { openChart } from './chart.js'
import { openReadout, rowsInWords } from './readout.js'

/** Cumulative distributions of latency, over all updates or over the delivered ones only. */
export function openLatency(context: ViewContext): View {
  const { text, numbers } = context
  const changed = changes()
  let last: Shown | null = null
  let lanes: readonly LatencyLane[] = []
  let deliveredOnly = false

  const chart = openChart(text('latency.cursor'), {
    stale: () => {
      if (last !== null) draw(last)
    },
    pointed: () => read()
  })
  const readout = openReadout(text('latency.readout'))
  const toggle = element('button', {
    type: 'button',
    class: 'toggle',
    'aria-pressed': 'false',
    title: text('latency.deliveredTitle'),
    onclick: () => {
      deliveredOnly = !deliveredOnly
      toggle.setAttribute('aria-pressed', String(deliveredOnly))
      warning.hidden = !deliveredOnly
      if (last !== null) draw(last)
    }
  })
  toggle.textContent = text('latency.delivered')
  const warning = element('p', { class: 'warning', role: 'status', hidden: true }, text('latency.biased'))
  const whole = element(
    'div',
    { class: 'latency-view' },
    element('div', { class: 'tools' }, toggle),
    warning,
    chart.element,
    readout.element
  )

  function draw(shown: Shown): void {
    const { report, curves, expanded } = shown
    lanes = latencyLanes(shown.lanes, curves, deliveredOnly)
    const size = chart.size(expanded)
    // theory is about all updates
    const predicted = deliveredOnly ? [] : theoryCurves(shown.lanes, curves)
    const before = savedCurves(shown.before, shown.lanes, deliveredOnly)
    if (size !== null && report !== null)
      chart.show(
        latencyPicture(lanes, {
          targets: targetsOf(report, shown.lanes),
          overlays: [...theoryOverlays(predicted), ...savedOverlays(before, text('saved.before'))],
          others: [...predicted, ...before],
          ticks: size.ticks,
          numbers,
          targetText: duration => text('chart.target', { target: duration })
        }),
        size,
        context.theme()
      )
    read()
    const earlier = savedMedians(
      shown.before,
      shown.lanes,
      deliveredOnly ? 'latencyDeliveredMs' : 'latencyMs',
      numbers
    )
    chart.describe(
      text(deliveredOnly ? 'latency.summaryDelivered' : 'latency.summary', {
        lanes: rowsInWords(rowsAt(null))
      }) + (earlier === null ? '' : `. ${text('saved.drawn', { medians: earlier })}`),
      shown.frozen
    )
  }

  const rowsAt = (cursor: number | null) =>
    withTheory(
      latencyRows(lanes, cursor, deliveredOnly ? 'latencyDeliveredMs' : 'latencyMs', numbers, {
        p50: text('latency.p50'),
        p99: text('latency.p99'),
        tooFew: (wanted, have) => text('latency.tooFew', { wanted, have }),
        within: duration => text('latency.within', { duration }),
        notKnown: why =>
          text('chart.notKnown', {
            why: why === null ? text('chart.noUpdate') : flagTexts(why, context).message
          })
      })
    )

  /** What theory says of each lane, beside what was measured. */
  const withTheory = (rows: readonly ReadoutRow[]): readonly ReadoutRow[] =>
    deliveredOnly
      ? rows
      : rows.map((row, place) => ({
          ...row,
          figures: [
            ...row.figures,
            ...theoryFigures(lanes[place]?.report ?? {}, numbers, {
              measured: text('latency.mean'),
              agrees: text('latency.theoryAgrees'),
              differs: text('latency.theoryDiffers')
            })
          ]
        }))

  function read(): void {
    const rows = rowsAt(chart.cursor)
    readout.show(rows)
    chart.tell(rowsInWords(rows))
  }

  return {
    element: whole,
    show(shown) {
      last = shown
      const { report, curves, expanded, frozen } = shown
      if (changed(report, curves, shown.before, expanded, frozen, context.theme().dark, looks(shown.lanes)))
        draw(shown)
    },
    close: () => chart.close()
  }
}
