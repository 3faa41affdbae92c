import type { NumberTexts } from '../../number-texts.js'
import type { Flag, Report } from '../report.js'
import { html, type Markup } from './markup.js'
import { badge, type PageLane } from './page-lanes.js'

/** Every flag in words, with what to do about it; flags that say the same stand once. */
export function flagNotes({ flags, streams }: Report, lanes: readonly PageLane[]): Markup | null {
  const raised: readonly (readonly [string, Flag])[] = [
    ...flags.map(flag => ['', flag] as const),
    ...streams.flatMap(({ stream, flags: own }) => own.map(flag => [stream, flag] as const)),
    ...lanes.flatMap(({ report }) => report.flags.map(flag => [report.name, flag] as const))
  ]
  const notes = new Map<string, { readonly names: string[]; readonly flag: Flag }>()
  for (const [name, flag] of raised) {
    const key = JSON.stringify([flag.code, flag.message, flag.remedy])
    const note = notes.get(key) ?? { names: [], flag }
    if (name !== '' && !note.names.includes(name)) note.names.push(name)
    notes.set(key, note)
  }
  if (notes.size === 0) return null
  return html`<section><h2>Why some numbers are not conclusive *</h2><ul>${[...notes.values()].map(
    ({ names, flag }) =>
      html`<li>${names.length === 0 ? null : html`<b>${names.join(', ')}:</b> `}${flag.message} ${flag.remedy} <small class="code">${flag.code}</small></li>`
  )}</ul></section>`
}

const CAUSES = { fault: 'taken away on purpose', deploy: 'a deploy', unknown: 'not known' } as const

/** Every time that a lane was without its server. */
export function outageTable(
  { startedAt }: Report,
  lanes: readonly PageLane[],
  numbers: NumberTexts
): Markup | null {
  const rows = lanes.flatMap(lane => lane.report.outages.map(outage => ({ lane, outage })))
  if (rows.length === 0) return null
  const count = (value: number | null): string => (value === null ? '–' : numbers.count(value))
  return html`<section><h2>Outages</h2><div class="wide"><table>
<thead><tr><th scope="col">Lane</th><th scope="col">Cause</th><th scope="col">Began after</th><th scope="col">Server away</th><th scope="col">Until fresh again</th><th scope="col">Lost</th><th scope="col">Twice</th><th scope="col">Late</th><th scope="col">Reconnects</th></tr></thead><tbody>
${rows.map(
  ({ lane, outage: { cause, from, back, recoveryMs, lost, duplicate, late, reconnects } }) =>
    html`<tr><th scope="row">${badge(lane)} ${lane.report.name}</th><td>${CAUSES[cause]}</td><td>${numbers.duration(from - startedAt)}</td><td>${back === null ? 'still away' : numbers.duration(back - from)}</td><td>${recoveryMs === null ? 'not yet' : numbers.duration(recoveryMs)}</td><td>${count(lost)}</td><td>${count(duplicate)}</td><td>${count(late)}</td><td>${count(reconnects)}</td></tr>
`
)}</tbody></table></div></section>`
}
