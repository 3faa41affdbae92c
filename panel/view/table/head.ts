import { element } from '../elements.js'
import { swatch } from '../swatch.js'
import type { ShownLane, ViewContext } from '../view.js'

/** What stands above a lane's column: its line, its name, and what it is. */
export function laneHead(
  { text, numbers }: ViewContext,
  { report, colour, dash }: ShownLane,
  withStream: boolean
): HTMLElement {
  const { name, model, trigger, intervalMs, stream } = report
  const about = [
    text(`model.${model}`),
    trigger === 'interval' && intervalMs !== null
      ? text('legend.every', { interval: numbers.duration(intervalMs) })
      : '',
    withStream ? stream : ''
  ]
  return element(
    'th',
    { scope: 'col', title: name },
    swatch(colour, dash),
    element('span', { class: 'lane' }, name),
    element('span', { class: 'about' }, about.filter(Boolean).join(', '))
  )
}
