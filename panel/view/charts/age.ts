import { heldOver } from '../../model/charts/age-held.js'
import { type AgeLane, agePicture, ageRows } from '../../model/charts/age-picture.js'
import { HeldBefore } from '../../model/charts/held-before.js'
import { knownAge } from '../../model/charts/known-age.js'
import { targetsOf } from '../../model/targets.js'
import { flagTexts } from '../../model/words/flag-texts.js'
import { changes, looks } from '../changes.js'
import { element } from '../elements.js'
import type { Shown, View, ViewContext } from '../view.js'
import { openChart } from './chart.js'
import { openReadout, rowsInWords } from './readout.js'

/** Age of information over the last seconds: a sawtooth per lane, its mean, and the target. */
export function openAge(context: ViewContext): View {
  const { text, numbers } = context
  const before = new HeldBefore()
  const changed = changes()
  let last: Shown | null = null
  let lanes: readonly AgeLane[] = []
  /** Null: as it suits the lanes. */
  let wanted: boolean | null = null
  let isLog = false

  const chart = openChart(text('age.cursor'), {
    stale: () => {
      if (last !== null) draw(last)
    },
    pointed: () => read()
  })
  const readout = openReadout(text('age.readout'))
  const log = element('button', {
    type: 'button',
    class: 'toggle',
    title: text('age.logTitle'),
    onclick: () => {
      wanted = !isLog
      if (last !== null) draw(last)
    }
  })
  log.textContent = text('chart.log')
  const whole = element(
    'div',
    { class: 'age-view' },
    element('div', { class: 'tools' }, log),
    chart.element,
    readout.element
  )

  function draw(shown: Shown): void {
    const { report, edge, spanMs, tracks, expanded } = shown
    const window = { from: edge - spanMs, to: edge }
    lanes = shown.lanes.map(lane => ({ ...lane, held: heldOver(knownAge(lane, tracks, before), window) }))
    const size = chart.size(expanded)
    if (size !== null && report !== null) {
      const picture = agePicture(lanes, {
        edge,
        spanMs,
        targets: targetsOf(report, shown.lanes),
        log: wanted,
        wasLog: isLog,
        columns: size.columns,
        ticks: size.ticks,
        numbers,
        texts: {
          target: duration => text('chart.target', { target: duration }),
          now: shown.frozen ? numbers.duration(0) : text('age.now')
        }
      })
      isLog = picture.y.log
      log.setAttribute('aria-pressed', String(isLog))
      chart.show(picture, size, context.theme())
    }
    read()
    const span = numbers.duration(spanMs)
    chart.describe(text('age.summary', { span, lanes: rowsInWords(rowsAt(0)) }), shown.frozen)
  }

  const rowsAt = (before: number) =>
    ageRows(lanes, (last?.edge ?? 0) + before, numbers, {
      at: before === 0 ? text('age.now') : text('age.ago', { time: numbers.duration(-before) }),
      mean: text('age.mean'),
      theory: text('age.theory'),
      unknown: text('chart.unknown'),
      notKnown: why =>
        text('chart.notKnown', {
          why: why === null ? text('chart.noUpdate') : flagTexts(why, context).message
        })
    })

  function read(): void {
    const rows = rowsAt(chart.cursor ?? 0)
    readout.show(rows)
    chart.tell(rowsInWords(rows))
  }

  return {
    element: whole,
    show(shown) {
      last = shown
      before.learn(shown.report, shown.tracks)
      const { report, edge, spanMs, tracks, expanded, frozen } = shown
      const dark = context.theme().dark
      // in the sidebar a second is a few pixels: with every report is often enough
      const moved = expanded || frozen ? [edge, tracks.upTo] : []
      if (changed(report, ...moved, spanMs, expanded, frozen, dark, looks(shown.lanes))) draw(shown)
    },
    close: () => chart.close()
  }
}
