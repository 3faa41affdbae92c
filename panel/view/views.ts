import { openAge } from './charts/age.js'
import chartCss from './charts/chart.css'
import costCss from './charts/cost.css'
import { openCost } from './charts/cost.js'
import { openLatency } from './charts/latency.js'
import { openLater } from './later.js'
import timelineCss from './timeline/timeline.css'
import { openTimeline } from './timeline/timeline.js'
import type { OpenView } from './view.js'

/** A section below the headline. */
export interface Section {
  /** Its class, and the key of its texts: `<name>.title` is its title. */
  readonly name: string
  readonly open: OpenView
  /** Of a part that is loaded later it comes with the part. */
  readonly css: string
}

/** The sections in their order. */
export const sections: readonly Section[] = [
  { name: 'timeline', open: openTimeline, css: timelineCss },
  { name: 'age', open: openAge, css: chartCss },
  { name: 'latency', open: openLatency, css: '' },
  { name: 'cost', open: openCost, css: costCss },
  { name: 'advice', open: openLater(async () => (await import('./decision/part.js')).advice), css: '' },
  { name: 'claims', open: openLater(async () => (await import('./decision/part.js')).claims), css: '' },
  { name: 'table', open: openLater(async () => (await import('./table/part.js')).table), css: '' }
]
