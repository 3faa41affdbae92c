import type { NumberTexts } from '../../number-texts.js'
import { besideOf } from '../figure-beside.js'
import { valueText } from '../figure-texts.js'
import { figureTitles } from '../figure-titles.js'
import { type Figure, type FigureGroup, figures } from '../figures.js'
import { html, type Markup } from './markup.js'
import { badge, type PageLane } from './page-lanes.js'

const GROUPS: Readonly<Record<FigureGroup, string>> = {
  freshness: 'Freshness',
  updates: 'Updates',
  requests: 'Requests',
  bytes: 'Bytes',
  connections: 'Connections',
  server: 'Server, schedule and clocks'
}

/**
 * Every figure that at least one lane knows, with its 95 % interval and what theory says. `<data>` holds the value
 * itself. A figure that a flag spoils is marked.
 */
export function figureTable(lanes: readonly PageLane[], numbers: NumberTexts): Markup {
  const known = figures.filter(figure => lanes.some(({ report }) => figure.of(report) !== null))
  const groups = Object.entries(GROUPS) as [FigureGroup, string][]
  return html`<div class="wide"><table class="figures">
<thead><tr><td></td>${lanes.map(lane => html`<th scope="col">${badge(lane)} ${lane.report.name}</th>`)}</tr></thead>
${groups.map(([group, title]) => {
  const rows = known.filter(figure => figure.group === group)
  if (rows.length === 0) return html``
  return html`<tbody>
<tr><th class="group" scope="rowgroup" colspan="${lanes.length + 1}">${title}</th></tr>
${rows.map(
  figure =>
    html`<tr data-figure="${figure.key}"><th scope="row">${figureTitles[figure.key] ?? figure.key}</th>${lanes.map(lane => cell(figure, lane, numbers))}</tr>
`
)}</tbody>
`
})}</table></div>`
}

function cell({ key, unit, of }: Figure, { report }: PageLane, numbers: NumberTexts): Markup {
  const value = of(report)
  const spoilt = report.flags.filter(({ spoils }) =>
    spoils.some(path => key === path || key.startsWith(`${path}.`))
  )
  const codes = spoilt.map(({ code }) => code).join(', ')
  const mark = spoilt.length === 0 ? null : html` <abbr title="${codes}: see below">*</abbr>`
  if (value === null) return html`<td>–${mark}</td>`
  const text = (figure: number): string => valueText(unit, figure, numbers)
  const { interval, theory } = besideOf(key, report)
  return html`<td><data value="${value}">${text(value)}</data>${mark}${
    interval === null ? null : html`<small>95 %: ${text(interval[0])} – ${text(interval[1])}</small>`
  }${
    theory === null
      ? null
      : html`<small class="predicted">theory ${text(theory.value)}${theory.plusMinus === null ? '' : ` ± ${text(theory.plusMinus)}`}</small>`
  }</td>`
}
