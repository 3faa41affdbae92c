import { html, type Markup } from './markup.js'

const SENTENCES: readonly (readonly [string, string])[] = [
  [
    'Latency of every update',
    'counts each update that was generated, from then until the lane holds it or a newer one. One that a newer one replaced before a poll came counts too: leaving it out makes polling look faster than it is.'
  ],
  [
    'Age',
    'is how long ago the freshest value that a lane holds was generated. It grows all the time and drops when a fresher update comes; the mean is over time, and not over updates.'
  ],
  [
    'The curves',
    'show which share of the updates was there within which time: further left is sooner, steep is steady. Solid is measured. Dashed is theory, computed from the very gaps between these updates; where it leaves the measured curve, something else than the interval decides.'
  ],
  [
    'The curve of intervals',
    'is polling at every interval from 10 ms to a day, predicted from this traffic: what it costs across, how fresh it is upwards. Dots are the measured lanes.'
  ],
  [
    '95 %',
    'is where the true value lies in at least 93 of 100 such runs. Two lanes whose intervals overlap may well be equally good.'
  ],
  [
    'Empty polls',
    'brought nothing new, whatever their status code. Requests and bytes are of the lane’s own sockets, headers and keep-alives included.'
  ],
  ['–', 'is not known, and never 0. A star marks what is not conclusive; the reasons stand below the table.']
]

/** What the figures of a page mean, for somebody who has never seen one. */
export const howToRead: Markup = html`<section class="how"><h2>How to read this</h2><dl>${SENTENCES.map(
  ([name, text]) => html`<div><dt>${name}</dt><dd>${text}</dd></div>`
)}</dl></section>`
