import type { EpochMs, Ms } from '../../../lib/units.js'
import { ageAt, type Held } from './age-held.js'

/** Ages of several lanes over one axis of time. */
export interface AgeLines {
  /** ms before the right edge: negative, ascending. */
  readonly at: readonly Ms[]
  /** Per lane at each of them: null where nothing is known, undefined where the lane has no corner. */
  readonly ages: readonly (readonly (Ms | null | undefined)[])[]
  /** Corners lie too close to be told apart: a line up and down each column. */
  readonly dense: boolean
}

export interface AgeWindow {
  readonly from: EpochMs
  readonly to: EpochMs
  /** Columns of the picture: more than two corners for each are drawn as the least and the greatest age of each column. */
  readonly columns: number
  /** Between corners too, for an axis on which a straight line is a curve. */
  readonly curved: boolean
}

const NOTHING: Held = { from: [], generated: [] }

/** The sawtooth of each lane: its corners, or what a column of pixels can show of them. */
export function ageLines(lanes: readonly Held[], window: AgeWindow): AgeLines {
  const corners = lanes.reduce((sum, { from }) => sum + from.length - 1, 0)
  return corners > 2 * window.columns ? columnLines(lanes, window) : cornerLines(lanes, window)
}

/** Each drop twice: the age just before it, and just after. */
function cornerLines(lanes: readonly Held[], { from, to, columns, curved }: AgeWindow): AgeLines {
  const everyLane = -1
  const places: { at: EpochMs; lane: number; step: number }[] = [
    { at: from, lane: everyLane, step: 0 },
    { at: to, lane: everyLane, step: 0 }
  ]
  for (const [lane, held] of lanes.entries())
    for (let step = 1; step < held.from.length; step += 1)
      places.push({ at: held.from[step] ?? to, lane, step })
  if (curved) {
    const width = (to - from) / columns
    for (let column = 1; column < columns; column += 2)
      places.push({ at: from + column * width, lane: everyLane, step: 0 })
  }
  places.sort((one, other) => one.at - other.at)

  const at: Ms[] = []
  const ages: (Ms | null | undefined)[][] = lanes.map(() => [])
  const add = (instant: EpochMs, age: (lane: number) => Ms | null | undefined): void => {
    at.push(instant - to)
    for (const [lane, values] of ages.entries()) values.push(age(lane))
  }
  for (const place of places) {
    if (place.lane === everyLane) {
      add(place.at, lane => ageAt(lanes[lane] ?? NOTHING, place.at))
      continue
    }
    const { generated } = lanes[place.lane] ?? NOTHING
    for (const step of [place.step - 1, place.step]) {
      const age = place.at - (generated[step] ?? Number.NaN)
      add(place.at, lane => (lane !== place.lane ? undefined : Number.isNaN(age) ? null : age))
    }
  }
  return { at, ages, dense: false }
}

/**
 * Two points a column: the least and the greatest age of it, in the order in which they come. Columns lie at
 * multiples of their width since 1970, so that they stay what they are while the picture moves.
 */
function columnLines(lanes: readonly Held[], { from, to, columns }: AgeWindow): AgeLines {
  const width = (to - from) / columns
  const first = Math.floor(from / width)
  const last = Math.ceil(to / width) - 1
  const edges: EpochMs[] = [from]
  for (let column = first + 1; column <= last; column += 1) edges.push(column * width)
  edges.push(to)
  const at: Ms[] = []
  for (const [place, begin] of edges.entries()) {
    const end = edges[place + 1]
    if (end !== undefined) at.push(begin + (end - begin) / 4 - to, end - (end - begin) / 4 - to)
  }
  return { at, ages: lanes.map(held => columnAges(held, edges)), dense: true }
}

/** Least and greatest age between each two edges. */
function columnAges({ from, generated }: Held, edges: readonly EpochMs[]): readonly (Ms | null)[] {
  const ages: (Ms | null)[] = []
  let step = 0
  for (let column = 1; column < edges.length; column += 1) {
    const [begin, end] = [edges[column - 1] ?? 0, edges[column] ?? 0]
    let [least, leastAt] = [Number.POSITIVE_INFINITY, 0]
    let [greatest, greatestAt] = [Number.NEGATIVE_INFINITY, 0]
    for (; ; step += 1) {
      const start = Math.max(begin, from[step] ?? begin)
      const next = from[step + 1] ?? Number.POSITIVE_INFINITY
      const stop = Math.min(end, next)
      const held = generated[step] ?? Number.NaN
      // comparisons with NaN are false
      if (stop > start) {
        if (start - held < least) {
          least = start - held
          leastAt = start
        }
        if (stop - held > greatest) {
          greatest = stop - held
          greatestAt = stop
        }
      }
      if (next >= end) break
    }
    if (least === Number.POSITIVE_INFINITY) ages.push(null, null)
    else if (leastAt < greatestAt) ages.push(least, greatest)
    else ages.push(greatest, least)
  }
  return ages
}
