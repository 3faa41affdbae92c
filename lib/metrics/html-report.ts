import { bytesText, durationText, numberText, shareText } from '../quantities.js'
import { figureTitles } from './figure-titles.js'
import { type FigureUnit, figures } from './figures.js'
import type { Flag, LaneReport, Report } from './report.js'

const settings: readonly (readonly [string, (lane: LaneReport) => string | null])[] = [
  ['Model', lane => lane.model],
  ['Stream', lane => lane.stream],
  ['Reading', lane => [lane.read, lane.trigger].filter(Boolean).join(', ')],
  ['Interval', lane => (lane.intervalMs === null ? null : durationText(lane.intervalMs))]
]

const texts: Readonly<Record<FigureUnit, (value: number) => string>> = {
  ms: durationText,
  micros: value => `${value.toFixed(0)} µs`,
  share: shareText,
  count: numberText,
  ratio: numberText,
  bytes: bytesText
}

const rows = [
  ...settings,
  ...figures.map(({ key, unit, of }) => {
    const text = (lane: LaneReport): string | null => {
      const value = of(lane)
      return value === null ? null : texts[unit](value)
    }
    return [figureTitles[key] ?? key, text] as const
  })
]

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#222;background:#fff}
table{border-collapse:collapse}th,td{padding:.25rem .75rem;text-align:left;border-bottom:1px solid #ddd}
td{text-align:right;font-variant-numeric:tabular-nums}thead th{border-bottom:2px solid #888}li{margin:.3rem 0}
@media(prefers-color-scheme:dark){body{color:#ddd;background:#1b1b1b}th,td{border-color:#444}}`

/** The report as one HTML page that loads nothing and runs nothing. */
export function htmlReport(report: Report): string {
  const title = `Push and pull: ${report.name || report.id}`
  const { lanes } = report
  const shown = rows.filter(([, of]) => lanes.some(lane => of(lane) !== null))
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(summary(report))}</p>
<table>
<thead><tr><th></th>${lanes.map(({ name }) => `<th scope="col">${escapeHtml(name)}</th>`).join('')}</tr></thead>
<tbody>
${shown.map(([name, of]) => `<tr><th scope="row">${escapeHtml(name)}</th>${lanes.map(lane => `<td>${escapeHtml(of(lane) ?? '–')}</td>`).join('')}</tr>`).join('\n')}
</tbody>
</table>
${notes(report)}
</body>
</html>
`
}

/** Text as it may stand in an element or in a quoted attribute. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

function summary({ startedAt, seconds, target, streams }: Report): string {
  const rates = streams.map(
    ({ stream, generated, ratePerSecond }) =>
      `${stream}: ${generated} updates${ratePerSecond === null ? '' : `, ${ratePerSecond.toPrecision(3)} a second`}`
  )
  const since = new Date(startedAt).toISOString()
  return `Measured for ${durationText(seconds * 1000)} since ${since}. Target: ${shareText(target.share)} of the updates within ${durationText(target.ms)}. ${rates.join('; ')}`
}

function notes({ flags, streams, lanes }: Report): string {
  const items: string[] = [
    ...flags.map(flag => item('', flag)),
    ...streams.flatMap(stream => stream.flags.map(flag => item(stream.stream, flag))),
    ...lanes.flatMap(lane => lane.flags.map(flag => item(lane.name, flag)))
  ]
  return items.length === 0
    ? ''
    : `<h2>Why some numbers are not conclusive</h2>\n<ul>\n${items.join('\n')}\n</ul>`
}

function item(where: string, { message, remedy }: Flag): string {
  return `<li>${where === '' ? '' : `<b>${escapeHtml(where)}</b>: `}${escapeHtml(message)} ${escapeHtml(remedy)}</li>`
}
