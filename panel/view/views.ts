import chartCss from '../chart.css'
import costCss from '../cost.css'
import timelineCss from '../timeline.css'
import { openAge } from './age.js'
import { openCost } from './cost.js'
import { openLatency } from './latency.js'
import tableCss from './table.css'
import { openTable } from './table.js'
import { openTimeline } from './timeline.js'
import type { OpenView } from './view.js'

/** A section below the headline. */
export interface Section {
  /** Its class, and the key of its texts: `<name>.title` is its title. */
  readonly name: string
  readonly open: OpenView
  readonly css: string
}

/** The sections in their order. */
export const sections: readonly Section[] = [
  { name: 'timeline', open: openTimeline, css: timelineCss },
  { name: 'age', open: openAge, css: chartCss },
  { name: 'latency', open: openLatency, css: '' },
  { name: 'cost', open: openCost, css: costCss },
  { name: 'table', open: openTable, css: tableCss }
]
