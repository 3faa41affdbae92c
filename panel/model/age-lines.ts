import type { EpochMs, Ms } from '../../lib/units.js'
import { ageAt, type Held } from './age-held.js'

/** Ages of several lanes over one axis of time. */
export interface AgeLines {
  /** ms before the right edge: negative, ascending. */
  readonly at: readonly Ms[]
  /** Per lane at each of them: null where nothing is known, undefined where the lane has no corner. */
  readonly ages: readonly (readonly (Ms | null | undefined)[])[]
}

export interface AgeWindow {
  readonly from: EpochMs
  readonly to: EpochMs
  /** Columns of pixels: more corners than these are drawn as the least and the greatest age of each column. */
  readonly columns: number
  /** Between corners too, for an axis on which a straight line is a curve. */
  readonly curved: boolean
}

/** The sawtooth of each lane: its corners, or what a column of pixels can show of them. */
export function ageLines(lanes: readonly (readonly Held[])[], window: AgeWindow): AgeLines {
  const corners = lanes.reduce((sum, held) => sum + held.length - 1, 0)
  return corners > window.columns ? columnLines(lanes, window) : cornerLines(lanes, window)
}

/** Each drop twice: the age just before it, and just after. */
function cornerLines(
  lanes: readonly (readonly Held[])[],
  { from, to, columns, curved }: AgeWindow
): AgeLines {
  const everyLane = -1
  const places: { at: EpochMs; lane: number; step: number }[] = [
    { at: from, lane: everyLane, step: 0 },
    { at: to, lane: everyLane, step: 0 }
  ]
  for (const [lane, held] of lanes.entries())
    for (let step = 1; step < held.length; step += 1) places.push({ at: held[step]?.from ?? to, lane, step })
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
      add(place.at, lane => ageAt(lanes[lane] ?? [], place.at))
      continue
    }
    const held = lanes[place.lane] ?? []
    for (const step of [place.step - 1, place.step]) {
      const generated = held[step]?.generated ?? null
      add(place.at, lane =>
        lane !== place.lane ? undefined : generated === null ? null : place.at - generated
      )
    }
  }
  return { at, ages }
}

/**
 * Two points a column: the least and the greatest age of it, in the order in which they come. Columns lie at
 * multiples of their width since 1970, so that they stay what they are while the picture moves.
 */
function columnLines(lanes: readonly (readonly Held[])[], { from, to, columns }: AgeWindow): AgeLines {
  const width = (to - from) / columns
  const first = Math.floor(from / width)
  const last = Math.ceil(to / width) - 1
  const at: Ms[] = []
  const ages: (Ms | null)[][] = lanes.map(() => [])
  const steps = lanes.map(() => 0)
  for (let column = first; column <= last; column += 1) {
    const [begin, end] = [Math.max(from, column * width), Math.min(to, (column + 1) * width)]
    if (end <= begin) continue
    at.push(begin + (end - begin) / 4 - to, end - (end - begin) / 4 - to)
    for (const [lane, held] of lanes.entries()) {
      const found = {
        least: Number.POSITIVE_INFINITY,
        leastAt: 0,
        greatest: Number.NEGATIVE_INFINITY,
        greatestAt: 0
      }
      let step = steps[lane] ?? 0
      for (; ; step += 1) {
        const start = Math.max(begin, held[step]?.from ?? begin)
        const stop = Math.min(end, held[step + 1]?.from ?? end)
        const generated = held[step]?.generated ?? null
        if (generated !== null && stop > start) {
          if (start - generated < found.least)
            Object.assign(found, { least: start - generated, leastAt: start })
          if (stop - generated > found.greatest)
            Object.assign(found, { greatest: stop - generated, greatestAt: stop })
        }
        if ((held[step + 1]?.from ?? Number.POSITIVE_INFINITY) >= end) break
      }
      steps[lane] = step
      const known = found.least !== Number.POSITIVE_INFINITY
      const pair =
        found.leastAt < found.greatestAt ? [found.least, found.greatest] : [found.greatest, found.least]
      ages[lane]?.push(...(known ? pair : [null, null]))
    }
  }
  return { at, ages }
}
