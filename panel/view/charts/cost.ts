import { type CostBar, type CostFigure, type CostName, costFigures } from '../../model/charts/cost-figures.js'
import { flagTexts } from '../../model/words/flag-texts.js'
import { changes, looks } from '../changes.js'
import { element, setChildren, setText } from '../elements.js'
import { swatch } from '../swatch.js'
import type { ShownLane, View, ViewContext } from '../view.js'

interface Bar {
  readonly element: HTMLElement
  readonly length: HTMLElement
  readonly value: HTMLElement
  readonly note: HTMLElement
}

/** What an update costs in each lane: bars with the number written out, one block per figure. */
export function openCost(context: ViewContext): View {
  const { text, numbers, theme } = context
  const changed = changes()
  const reshaped = changes()
  const whole = element('div', { class: 'cost-view' })
  let bars = new Map<string, Bar>()

  const written: Readonly<Record<CostName, (value: number) => string>> = {
    requests: numbers.ratio,
    bytes: numbers.bytes,
    empty: numbers.share,
    open: numbers.count,
    busy: numbers.share,
    cpu: micros => numbers.duration(micros / 1000)
  }
  const why = ({ gap }: CostBar): string => {
    if (gap === null) return ''
    if (gap.kind === 'no-polls') return text('cost.no-polls')
    return text('chart.notKnown', {
      why: gap.kind === 'flag' ? flagTexts(gap.flag, context).message : text(`cost.${gap.kind}`)
    })
  }

  function build(figures: readonly CostFigure[], lanes: readonly ShownLane[]): void {
    bars = new Map()
    setChildren(
      whole,
      ...figures.map(({ name }) => {
        const rows = lanes.map(({ key, report, colour, dash }) => {
          const length = element('span', { class: 'length' })
          length.style.backgroundColor = colour
          const value = element('span', { class: 'value' })
          const note = element('span', { class: 'note' })
          const row = element(
            'li',
            {},
            element(
              'span',
              { class: 'lane', title: report.name },
              swatch(colour, dash),
              element('span', { class: 'name' }, report.name)
            ),
            element('span', { class: 'bar', 'aria-hidden': 'true' }, length),
            value,
            note
          )
          bars.set(`${name} ${key}`, { element: row, length, value, note })
          return row
        })
        return element(
          'div',
          { class: 'figure', 'data-figure': name },
          element('h4', { id: `cost-${name}`, title: text(`cost.${name}Title`) }, text(`cost.${name}`)),
          element('ul', { 'aria-labelledby': `cost-${name}` }, ...rows)
        )
      })
    )
  }

  return {
    element: whole,
    show({ report, lanes }) {
      const look = looks(lanes)
      const { dark } = theme()
      if (!changed(report, look, dark)) return
      const figures = costFigures(lanes)
      if (reshaped(look, dark)) build(figures, lanes)
      for (const { name, bars: shown } of figures)
        for (const one of shown) {
          const bar = bars.get(`${name} ${one.lane}`)
          if (bar === undefined) continue
          bar.length.style.width = `${(one.length * 100).toFixed(1)}%`
          const number = one.value === null ? '' : written[name](one.value)
          setText(bar.value, one.least ? `✓ ${number}` : number)
          bar.value.classList.toggle('least', one.least)
          bar.value.title = one.least ? text('cost.least') : ''
          const note = one.value === null ? why(one) : one.shared === null ? '' : text('cost.shared')
          setText(bar.note, note)
          bar.note.title = one.shared === null ? '' : flagTexts(one.shared, context).message
          bar.note.hidden = note === ''
          bar.element.classList.toggle('unknown', one.value === null)
        }
    },
    close() {
      whole.replaceChildren()
    }
  }
}
