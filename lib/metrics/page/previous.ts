import type { NumberTexts } from '../../number-texts.js'
import { valueText } from '../figure-texts.js'
import { figureTitles } from '../figure-titles.js'
import { type Figure, figures } from '../figures.js'
import { html, type Markup } from './markup.js'
import { badge, type PageLane } from './page-lanes.js'

const KEYS = [
  'latencyMs.mean',
  'latencyMs.p99',
  'targetShare',
  'ageMs.mean',
  'exchanges.emptyShare',
  'bytes.perUpdate'
]
const shown: readonly Figure[] = KEYS.flatMap(key => figures.find(figure => figure.key === key) ?? [])

/** What was measured before the settings of a lane were changed, the latest first; null when none were. */
export function previousTable(lanes: readonly PageLane[], numbers: NumberTexts): Markup | null {
  const rows = lanes.flatMap(lane => [...lane.report.previous].reverse().map(before => ({ lane, before })))
  if (rows.length === 0) return null
  return html`<section><h2>Under earlier settings</h2><div class="wide"><table>
<thead><tr><th scope="col">Lane</th><th scope="col">Interval</th><th scope="col">Updates</th>${shown.map(({ key }) => html`<th scope="col">${figureTitles[key] ?? key}</th>`)}</tr></thead><tbody>
${rows.map(
  ({ lane, before }) =>
    html`<tr><th scope="row">${badge(lane)} ${before.name}</th><td>${before.intervalMs === null ? '–' : numbers.duration(before.intervalMs)}</td><td>${numbers.count(before.updates.delivered)}</td>${shown.map(
      ({ of, unit }) => {
        const value = of(before)
        return html`<td>${value === null ? '–' : valueText(unit, value, numbers)}</td>`
      }
    )}</tr>
`
)}</tbody></table></div></section>`
}
