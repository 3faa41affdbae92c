import { bytesText, durationText, numberText, shareText } from './quantities.js'
import type { Flag, LaneReport, Report } from './report.js'

type Row = readonly [string, (lane: LaneReport) => string | null]

const some = <T>(value: T | null | undefined, text: (value: T) => string): string | null =>
  value === null || value === undefined ? null : text(value)

const rows: readonly Row[] = [
  ['Model', lane => lane.model],
  ['Stream', lane => lane.stream],
  ['Reading', lane => [lane.read, lane.trigger].filter(Boolean).join(', ')],
  ['Interval', lane => some(lane.intervalMs, durationText)],
  ['Latency of every update, mean', lane => some(lane.latencyMs?.mean, durationText)],
  ['… median', lane => some(lane.latencyMs?.p50, durationText)],
  ['… 99 % within', lane => some(lane.latencyMs?.p99, durationText)],
  ['Latency of delivered updates only, mean', lane => some(lane.latencyDeliveredMs?.mean, durationText)],
  ['Behind the first lane, mean', lane => some(lane.behindFirstMs?.mean, durationText)],
  ['Age, mean', lane => some(lane.ageMs.mean, durationText)],
  ['Time with the newest update', lane => some(lane.freshShare, shareText)],
  ['Updates behind, mean', lane => some(lane.versionsBehind, numberText)],
  ['Within the target', lane => some(lane.targetShare, shareText)],
  ['Updates generated', lane => some(lane.updates.generated, numberText)],
  ['… delivered', lane => numberText(lane.updates.delivered)],
  ['… superseded, never seen', lane => some(lane.updates.superseded, numberText)],
  ['… lost', lane => some(lane.updates.lost, numberText)],
  ['… pending', lane => some(lane.updates.pending, numberText)],
  ['… duplicate', lane => numberText(lane.updates.duplicate)],
  ['… out of order', lane => some(lane.updates.outOfOrder, numberText)],
  ['Requests', lane => some(lane.exchanges.requests, numberText)],
  ['Requests per update', lane => some(lane.exchanges.requestsPerUpdate, numberText)],
  ['Empty polls', lane => some(lane.exchanges.emptyShare, shareText)],
  ['Errors and time-outs', lane => some(errors(lane), numberText)],
  ['Bytes per update, both ways', lane => some(lane.bytes.perUpdate, bytesText)],
  ['Connections opened', lane => some(lane.connections.opened, numberText)],
  ['Server thread busy', lane => some(lane.server?.busyShare, shareText)],
  ['Server CPU per update', lane => some(lane.server?.cpuMicrosPerUpdate, value => `${value.toFixed(0)} µs`)]
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

function errors({ exchanges: { errors, timeouts } }: LaneReport): number | null {
  return errors === null || timeouts === null ? null : errors + timeouts
}
