import { valueText } from '../../../lib/metrics/figure-texts.js'
import { type Figure, type FigureGroup, figures } from '../../../lib/metrics/figures.js'
import type { Flag, LaneReport } from '../../../lib/metrics/report.js'
import type { NumberTexts } from '../../../lib/number-texts.js'
import { meanTolerance, spoilerOf } from '../words/conclusive.js'

export interface TableCell {
  /** `–` for null. */
  readonly text: string
  readonly value: number | null
  /** The best conclusive value of its row, and not everybody's. */
  readonly best: boolean
  /** Why there is no value, or why it is not conclusive. */
  readonly flag: Flag | null
  /** Key of the reason for which there is no value, where no flag says it. */
  readonly why: 'push' | 'server' | 'external' | 'yet' | null
}

export interface TableRow {
  readonly figure: Figure
  /** One per lane, in the order of the columns. */
  readonly cells: readonly TableCell[]
}

/** Groups as the table shows them. */
export const GROUPS = ['freshness', 'updates', 'requests', 'bytes', 'connections'] as const
export type TableGroup = (typeof GROUPS)[number]

/** By which figure lanes are ordered, and which way. */
export interface Sorting {
  readonly key: string
  readonly direction: 'ascending' | 'descending'
}

const groupOf = (group: FigureGroup): TableGroup => (group === 'server' ? 'connections' : group)

/** Figures that the table shows, in their order; with `more` all of them. */
export const figuresShown = (group: TableGroup, more: boolean): readonly Figure[] =>
  figures.filter(figure => groupOf(figure.group) === group && (more || !figure.more))

/** A figure for every lane. */
export function rowOf(figure: Figure, lanes: readonly LaneReport[], numbers: NumberTexts): TableRow {
  const values = lanes.map(lane => figure.of(lane))
  const flags = lanes.map(lane => spoilerOf(lane, figure.key))
  const texts = values.map(value => (value === null ? '–' : valueText(figure.unit, value, numbers)))
  const best = bestOf(
    figure,
    // a lane that has delivered nothing has missed nothing either
    values.map((value, place) =>
      flags[place] === null && lanes[place]?.updates.delivered !== 0 ? value : null
    ),
    texts,
    lanes
  )
  const cells = lanes.map((lane, place): TableCell => {
    const value = values[place] ?? null
    const flag = flags[place] ?? null
    const why = value === null && flag === null ? whyNull(figure, lane) : null
    return { text: texts[place] ?? '–', value, best: best.has(place), flag, why }
  })
  return { figure, cells }
}

/**
 * Places of the best values. Those that read alike are equally good, and means that so few updates cannot tell apart;
 * where all are, none is best.
 */
function bestOf(
  { key, better }: Figure,
  values: readonly (number | null)[],
  texts: readonly string[],
  lanes: readonly LaneReport[]
): ReadonlySet<number> {
  const known = values.filter(value => value !== null)
  if (better === null || known.length < 2) return new Set()
  const best = better === 'less' ? Math.min(...known) : Math.max(...known)
  const text = texts[values.indexOf(best)]
  const isAsGood = (value: number, place: number): boolean => {
    if (texts[place] === text) return true
    const count = lanes[place]?.latencyMs?.count ?? 0
    return key === 'latencyMs.mean' && count > 0 && value - best <= meanTolerance(count) * Math.abs(value)
  }
  const places = values.flatMap((value, place) => (value !== null && isAsGood(value, place) ? place : []))
  return new Set(places.length === known.length ? [] : places)
}

function whyNull({ key, group }: Figure, lane: LaneReport): TableCell['why'] {
  if (lane.model === 'push' && (group === 'requests' || key.startsWith('scheduleLagMs'))) return 'push'
  if (key.startsWith('clock')) return 'server'
  if (group === 'server' && !key.startsWith('scheduleLagMs')) return 'external'
  return 'yet'
}

/** Lanes by a figure, the better or smaller first; those without a value last, else as they were. */
export function sortedLanes<T extends { readonly report: LaneReport }>(
  lanes: readonly T[],
  sorting: Sorting | null
): readonly T[] {
  const figure = figures.find(({ key }) => key === sorting?.key)
  if (figure === undefined || sorting === null) return lanes
  const sign = sorting.direction === 'ascending' ? 1 : -1
  const known = lanes.filter(({ report }) => figure.of(report) !== null)
  const unknown = lanes.filter(({ report }) => figure.of(report) === null)
  const value = ({ report }: T): number => figure.of(report) ?? 0
  return [...known.sort((a, b) => sign * (value(a) - value(b))), ...unknown]
}

/** What a click on a figure's name makes of the order: the best first, then the worst, then as it was. */
export function nextSorting({ key, better }: Figure, sorting: Sorting | null): Sorting | null {
  const first = better === 'more' ? 'descending' : 'ascending'
  if (sorting?.key !== key) return { key, direction: first }
  if (sorting.direction !== first) return null
  return { key, direction: first === 'ascending' ? 'descending' : 'ascending' }
}
