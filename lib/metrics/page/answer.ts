import type { NumberTexts } from '../../number-texts.js'
import type { Advice } from '../report.js'
import { html, type Markup } from './markup.js'

/** Push or poll, why, and what would change it. */
export function answer(advice: Advice, numbers: NumberTexts): Markup {
  const { stream, reasons, wouldChange, longestIntervalMs, cheapestIntervalMs, breakEven } = advice
  const facts: readonly (readonly [string, string | null])[] = [
    [
      'Longest interval that meets the target',
      longestIntervalMs === null ? 'none' : numbers.duration(longestIntervalMs)
    ],
    [
      'Shortest interval within the budgets',
      cheapestIntervalMs === null ? null : numbers.duration(cheapestIntervalMs)
    ],
    [
      'Polling takes fewer bytes from this interval on',
      breakEven.bytesIntervalMs === null ? null : numbers.duration(breakEven.bytesIntervalMs)
    ],
    [
      'Polling takes fewer bytes from this rate on',
      breakEven.ratePerSecond === null ? null : rateText(breakEven.ratePerSecond, numbers)
    ],
    ['Most clients that may poll so', breakEven.clients === null ? null : numbers.count(breakEven.clients)]
  ]
  return html`<section class="answer ${advice.verdict}">
<h2>Advice for ${stream}</h2>
<p class="verdict">${verdictText(advice, numbers)}</p>
${reasons.length === 0 ? null : html`<ul>${reasons.map(({ message }) => html`<li>${message}</li>`)}</ul>`}
${
  wouldChange.length === 0
    ? null
    : html`<h3>What would change it</h3><ul>${wouldChange.map(({ message }) => html`<li>${message}</li>`)}</ul>`
}
<dl>${facts.flatMap(([name, value]) => (value === null ? [] : html`<div><dt>${name}</dt><dd>${value}</dd></div>`))}</dl>
<p class="quiet">A recommendation for a person, from the traffic and the costs of this very run. It switches nothing by itself.</p>
</section>`
}

const rateText = (perSecond: number, numbers: NumberTexts): string =>
  perSecond >= 1
    ? `${numbers.ratio(perSecond)} updates a second`
    : `an update every ${numbers.duration(1000 / perSecond)}`

function verdictText({ verdict, intervalMs }: Advice, numbers: NumberTexts): string {
  const every = intervalMs === null ? null : numbers.duration(intervalMs)
  switch (verdict) {
    case 'push':
      return 'Push these updates.'
    case 'pull':
      return every === null ? 'Poll for these updates.' : `Poll, every ${every} at the longest.`
    case 'either':
      return every === null ? 'Either will do.' : `Either will do: push, or poll every ${every}.`
    case 'not-conclusive':
      return 'Not conclusive.'
  }
}
