import type { NumberTexts } from '../../number-texts.js'
import { valueText } from '../figure-texts.js'
import { figureTitles } from '../figure-titles.js'
import { figures } from '../figures.js'
import { html, type Markup } from './markup.js'
import type { PageLane } from './page-lanes.js'

/** What is worth a picture, and the end of its scale; null: the greatest value. */
const SHOWN: readonly (readonly [key: string, scale: number | null])[] = [
  ['latencyMs.mean', null],
  ['ageMs.mean', null],
  ['freshShare', 1],
  ['exchanges.requestsPerUpdate', null],
  ['exchanges.emptyShare', 1],
  ['bytes.perUpdate', null],
  ['connections.open', null],
  ['server.busyShare', null],
  ['server.cpuMicrosPerUpdate', null]
]
/** More are in the table. */
const MOST_LANES = 12
const [ROW, LEFT, LENGTH] = [22, 26, 190]

/** A bar a lane for what is gained and what it costs; figures that nobody knows are left out. */
export function bars(lanes: readonly PageLane[], numbers: NumberTexts): readonly Markup[] {
  const few = lanes.slice(0, MOST_LANES)
  return SHOWN.flatMap(([key, scale]) => {
    const figure = figures.find(one => one.key === key)
    const values = few.map(({ report }) => figure?.of(report) ?? null)
    const known = values.filter(value => value !== null)
    if (figure === undefined || known.length === 0) return []
    const end = scale ?? Math.max(...known)
    const title = figureTitles[key] ?? key
    const rows = few.map(({ number, colour }, place) => {
      const value = values[place] ?? null
      const length = value === null || end <= 0 ? 0 : LENGTH * Math.min(1, Math.max(0, value / end))
      const y = place * ROW
      return html`<g class="${colour}"><circle class="dot" cx="10" cy="${y + 11}" r="9"/><text class="number" x="10" y="${y + 15}">${number}</text><rect class="bar" x="${LEFT}" y="${y + 4}" width="${length.toFixed(1)}" height="14"/></g><text x="${(LEFT + length + 6).toFixed(1)}" y="${y + 15}">${value === null ? 'not known' : valueText(figure.unit, value, numbers)}</text>`
    })
    return html`<figure class="bars"><figcaption>${title}</figcaption><svg viewBox="0 0 300 ${few.length * ROW}" role="img" aria-label="${title}; the figures stand in the table">${rows}</svg></figure>`
  })
}
