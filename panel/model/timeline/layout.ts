import type { Outage } from '../../../lib/metrics/report.js'
import type { Ms } from '../../../lib/units.js'
import type { Model, Read } from '../../../lib/update/delivery.js'
import type { Trigger } from '../../../lib/update/exchange.js'

/** What the timeline needs to know of a lane. */
export interface TimelineLane {
  readonly key: string
  readonly stream: string
  readonly model: Model
  readonly read: Read
  readonly trigger: Trigger | null
  readonly waitMs: Ms | null
  /** Start of this run of its source. */
  readonly since: number | null
  /** Its times without a server; absent when only faults are known. */
  readonly outages?: readonly Pick<Outage, 'from' | 'back'>[]
}

/** Where a lane's picture stands; px from the top. A delivery leads from `top` to `bottom`. */
export interface Band {
  /** Place among the lanes. */
  readonly lane: number
  readonly label: number
  readonly top: number
  readonly bottom: number
}

/** One stream: the row of its origin, and below it the lanes that deliver it. */
export interface StreamGroup {
  readonly stream: string
  readonly label: number
  /** The line that the ticks stand on is `bottom`. */
  readonly top: number
  readonly bottom: number
  readonly bands: readonly Band[]
}

export interface TimelineLayout {
  readonly groups: readonly StreamGroup[]
  /** Top of the axis' texts; guides end here. */
  readonly axis: number
  readonly height: number
  /** Height of a row of text. */
  readonly text: number
}

const SIDEBAR = { text: 18, ticks: 12, most: 58, least: 36, room: 230, below: 9, between: 8 }
/** Larger, for a projector. */
const WINDOW = { text: 26, ticks: 18, most: 120, least: 48, room: 420, below: 13, between: 14 }

/** Rows from top to bottom; bands get lower the more lanes there are. */
export function timelineLayout(
  lanes: readonly Pick<TimelineLane, 'stream'>[],
  expanded: boolean
): TimelineLayout {
  const size = expanded ? WINDOW : SIDEBAR
  const height = Math.min(size.most, Math.max(size.least, size.room / Math.max(1, lanes.length) - size.text))
  const streams = [...new Set(lanes.map(({ stream }) => stream))]
  let y = 0
  const groups = streams.map((stream, place) => {
    if (place > 0) y += size.between
    const label = y
    const top = label + size.text
    const bottom = top + size.ticks
    y = bottom + 2
    const bands = lanes.flatMap((lane, index) => {
      if (lane.stream !== stream) return []
      const band = { lane: index, label: y, top: y + size.text, bottom: y + size.text + Math.round(height) }
      y = band.bottom + size.below
      return [band]
    })
    return { stream, label, top, bottom, bands }
  })
  return { groups, axis: y, height: y + size.text, text: size.text }
}
