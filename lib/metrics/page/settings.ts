import type { NumberTexts } from '../../number-texts.js'
import type { LaneReport } from '../report.js'
import { html, type Markup } from './markup.js'
import type { PageFacts, Setting } from './page-facts.js'
import { badge, inTables, type PageLane } from './page-lanes.js'

type LaneSetting = readonly [name: string, of: (lane: LaneReport, numbers: NumberTexts) => string | null]

const laneSettings: readonly LaneSetting[] = [
  ['Model', ({ model }) => model],
  ['Stream', ({ stream }) => stream],
  ['Reading', ({ read, model }) => (model === 'push' ? null : read)],
  ['Trigger', ({ trigger }) => trigger],
  ['Interval', ({ intervalMs }, numbers) => (intervalMs === null ? null : numbers.duration(intervalMs))],
  ['Longest hold', ({ waitMs }, numbers) => (waitMs === null ? null : numbers.duration(waitMs))],
  ['QoS', ({ qos }) => (qos === null ? null : String(qos))],
  ['Matched by', ({ matchedBy }) => matchedBy],
  ['Running since', ({ since }) => (since === null ? null : instantText(since))],
  ['Measured from', ({ windowStart }) => instantText(windowStart)],
  ['Node', ({ source }) => source]
]

/** What was set: every lane, the metrics node, the workloads, and what measured in which version. */
export function settingsSection(
  lanes: readonly PageLane[],
  { settings, workloads, versions }: PageFacts,
  numbers: NumberTexts
): Markup {
  return html`<section><h2>Settings</h2>
${inTables(lanes, some => laneTable(some, numbers))}
<div class="lists">${list('Metrics node', settings)}${workloads.map(({ name, settings: own }) => list(`Workload ${name}`, own))}${list('Versions', versions)}</div>
</section>`
}

function laneTable(lanes: readonly PageLane[], numbers: NumberTexts): Markup {
  const shown = laneSettings.filter(([, of]) => lanes.some(({ report }) => of(report, numbers) !== null))
  return html`<div class="wide"><table><thead><tr><td></td>${lanes.map(lane => html`<th scope="col">${badge(lane)} ${lane.report.name}</th>`)}</tr></thead><tbody>${shown.map(
    ([name, of]) =>
      html`<tr><th scope="row">${name}</th>${lanes.map(({ report }) => html`<td>${of(report, numbers) ?? '–'}</td>`)}</tr>`
  )}</tbody></table></div>`
}

/** An instant as everybody reads it alike: UTC, to the second. */
export const instantText = (at: number): string =>
  `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`

function list(title: string, settings: readonly Setting[]): Markup {
  if (settings.length === 0) return html``
  return html`<div><h3>${title}</h3><dl>${settings.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl></div>`
}
