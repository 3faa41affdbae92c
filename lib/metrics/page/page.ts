import { numberTexts } from '../../number-texts.js'
import type { Curves } from '../curves.js'
import type { Advice, Report } from '../report.js'
import { answer } from './answer.js'
import { bars } from './bars.js'
import { claimsPage } from './claims-page.js'
import { figureTable } from './figure-table.js'
import { frontierPicture } from './frontier-picture.js'
import { howToRead } from './how-to-read.js'
import { latencyPicture } from './latency-picture.js'
import { html, Markup } from './markup.js'
import { flagNotes, outageTable } from './notes.js'
import { NO_FACTS, type PageFacts } from './page-facts.js'
import { badge, inTables, type PageLane, pageLanes } from './page-lanes.js'
import { previousTable } from './previous.js'
import { instantText, settingsSection } from './settings.js'
import { STYLE } from './style.js'

const numbers = numberTexts('en')
/** No network, no script, no frame: a page that somebody passes on can do nothing but be read. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

/** The report as one HTML page for screen and paper that loads nothing and runs nothing. */
export function htmlReport(report: Report, curves: Curves, facts: PageFacts = NO_FACTS): string {
  const lanes = pageLanes(report, curves)
  const title = `Push and pull: ${report.name || report.id}`
  const advices = adviceOf(report)
  return html`${new Markup('<!doctype html>')}
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${title}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<header><h1>${title}</h1>${summary(report)}</header>
<main>
${advices.map(advice => answer(advice, numbers))}
${pictures(report, curves, lanes, advices, facts)}
${howToRead}
${lanes.length === 0 ? null : html`<section><h2>Every figure</h2>${inTables(lanes, some => figureTable(some, numbers))}</section>`}
${previousTable(lanes, numbers)}
${flagNotes(report, lanes)}
${outageTable(report, lanes, numbers)}
${claimsPage(report.claims, numbers)}
${settingsSection(lanes, facts, numbers)}
</main>
</body>
</html>
`.text
}

/** The one of the busiest stream first. */
function adviceOf({ advice, streams }: Report): readonly Advice[] {
  const others = streams.flatMap(stream => (stream.advice === null ? [] : [stream.advice]))
  return advice === null ? others : [advice, ...others.filter(({ stream }) => stream !== advice.stream)]
}

function summary({ startedAt, now, seconds, target, streams }: Report): Markup {
  return html`<p>Measured for ${numbers.duration(seconds * 1000)}, from ${instantText(startedAt)} to ${instantText(now)}. Target: ${numbers.share(target.share)} of the updates within ${numbers.duration(target.ms)}.</p>
<ul>${streams.map(({ stream, generated, ratePerSecond, speed, gaps }) => {
    const rate = ratePerSecond === null ? '' : `, ${numbers.ratio(ratePerSecond)} a second`
    const replay =
      speed === null || speed === 1
        ? ''
        : `, replayed ${numbers.ratio(speed)} times as fast: lanes are as measured, advice and target are in real time`
    const steady = gaps.cv === null ? '' : `, gaps vary by ${numbers.share(gaps.cv)} of their mean`
    return html`<li><b>${stream}</b>: ${numbers.count(generated)} updates${rate}${replay}${steady}</li>`
  })}</ul>`
}

function pictures(
  report: Report,
  { atMs }: Curves,
  lanes: readonly PageLane[],
  advices: readonly Advice[],
  { plans }: PageFacts
): Markup | null {
  if (lanes.length === 0) return null
  const targets = new Set(lanes.map(({ speed }) => report.target.ms / speed))
  const latency = latencyPicture(lanes, atMs, [...targets], numbers)
  const frontiers = advices.flatMap(advice => {
    const picture = frontierPicture(advice, report, lanes, { plans, atMs, numbers })
    return picture === null
      ? []
      : [
          html`<figure><figcaption>Every interval of polling ${advice.stream}: time within which ${numbers.share(report.target.share)} come, against cost</figcaption>${picture}</figure>`
        ]
  })
  return html`<section><h2>Pictures</h2>
<ul class="legend">${lanes.map(lane => html`<li>${badge(lane)} ${lane.report.name} <span class="quiet">${lane.report.model}${lane.report.intervalMs === null ? '' : `, every ${numbers.duration(lane.report.intervalMs)}`}</span></li>`)}</ul>
<div class="pictures">${latency === null ? null : html`<figure><figcaption>Latency: share of all updates there within a time</figcaption>${latency}</figure>`}${frontiers}</div>
<h3>Gain and cost</h3>
<div class="small">${bars(lanes, numbers)}</div></section>`
}
