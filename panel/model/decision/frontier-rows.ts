import type { NumberTexts } from '../../../lib/number-texts.js'
import type { Advice, FrontierPoint } from '../../../lib/theory/decision.js'
import type { ReadoutRow } from '../charts/chart-picture.js'
import { type CostAxis, costOf, type FrontierAxes, type FrontierCurve, freshOf } from './frontier-axes.js'
import type { MeasuredLane } from './frontier-lanes.js'

export interface FrontierRowOptions {
  readonly axes: FrontierAxes
  readonly numbers: Pick<NumberTexts, 'duration' | 'share' | 'ratio' | 'bytes' | 'count'>
  /** Of the curve. */
  readonly colour: string
  readonly texts: {
    readonly every: (interval: string) => string
    readonly advised: (interval: string) => string
    readonly cost: string
    readonly fresh: string
    readonly inTime: string
    readonly empty: string
    readonly unseen: string
    readonly unknown: string
  }
}

/** What stands below the frontier: the interval that is pointed at, else the advised one, then the measured lanes. */
export function frontierRows(
  { intervalMs, longestIntervalMs }: Pick<Advice, 'intervalMs' | 'longestIntervalMs'>,
  curve: FrontierCurve | null,
  lanes: readonly MeasuredLane[],
  pointed: FrontierPoint | null,
  options: FrontierRowOptions
): readonly ReadoutRow[] {
  const { axes, numbers, texts } = options
  const interval = intervalMs ?? longestIntervalMs
  const rows: ReadoutRow[] = []
  if (pointed !== null)
    rows.push(pointRow(pointed, texts.every(numbers.duration(pointed.intervalMs)), options))
  else if (curve !== null && interval !== null) {
    const title = intervalMs === null ? texts.every : texts.advised
    rows.push(pointRow(curve.at(interval), title(numbers.duration(interval)), options))
  }
  const measured = lanes.map(
    ({ lane, place }): ReadoutRow => ({
      key: lane.key,
      name: lane.report.name,
      colour: lane.colour,
      dash: lane.dash,
      figures:
        place === null
          ? []
          : [
              { label: texts.cost, value: costText(place.cost, axes.cost, numbers) },
              { label: texts.fresh, value: numbers.duration(place.freshMs) }
            ],
      note: place === null ? texts.unknown : null
    })
  )
  return [...rows, ...measured]
}

function pointRow(
  point: FrontierPoint,
  name: string,
  { axes, numbers, colour, texts }: FrontierRowOptions
): ReadoutRow {
  return {
    key: 'curve',
    name,
    colour,
    dash: [],
    figures: [
      { label: texts.cost, value: costText(costOf(point, axes.cost) ?? 0, axes.cost, numbers) },
      { label: texts.fresh, value: numbers.duration(freshOf(point, axes.fresh)) },
      { label: texts.inTime, value: numbers.share(point.targetShare) },
      { label: texts.empty, value: numbers.share(point.emptyShare) },
      { label: texts.unseen, value: numbers.share(point.supersededShare) }
    ],
    note: null
  }
}

const costText = (cost: number, axis: CostAxis, numbers: FrontierRowOptions['numbers']): string =>
  axis === 'bytes' ? numbers.bytes(cost) : cost < 1000 ? numbers.ratio(cost) : numbers.count(cost)
