import type { NumberTexts } from '../../../lib/number-texts.js'
import type { Advice, DecisionSettings, FrontierPoint } from '../../../lib/theory/decision.js'
import type { Ms } from '../../../lib/units.js'
import type { ChartMark, ChartOverlay, ChartPicture, ChartRegion } from '../charts/chart-picture.js'
import { logRange, logTicks } from '../charts/duration-ticks.js'
import { costOf, DAY_S, type FrontierAxes, type FrontierCurve, freshOf, placeOf } from './frontier-axes.js'
import type { MeasuredLane } from './frontier-lanes.js'

export interface FrontierOptions {
  readonly curve: FrontierCurve
  readonly axes: FrontierAxes
  readonly settings: DecisionSettings
  readonly lanes: readonly MeasuredLane[]
  /** The interval that the reader points at. */
  readonly pointed: FrontierPoint | null
  readonly ticks: { readonly x: number; readonly y: number }
  readonly numbers: Pick<NumberTexts, 'duration' | 'bytes' | 'compact'>
  readonly colours: { readonly curve: string; readonly target: string }
  readonly texts: {
    readonly advised: (interval: string) => string
    readonly target: string
    readonly budget: string
  }
  /** Names beside the dots: where there is room for them. */
  readonly named: boolean
}

type Advised = Pick<Advice, 'intervalMs' | 'longestIntervalMs' | 'cheapestIntervalMs'>

/** How far beyond what matters the curve is drawn. */
const AROUND = 12
const [SHORTEST_MS, LONGEST_MS] = [10, 86_400_000]

/** Whether there is a curve to draw. */
export const hasCurve = (points: readonly FrontierPoint[], { cost }: Pick<FrontierAxes, 'cost'>): boolean =>
  points.length > 1 && points.every(point => (costOf(point, cost) ?? 0) > 0)

/** Cost a day across, freshness upwards, both logarithmic; soon and cheap is above on the left. */
export function frontierPicture(advice: Advised, options: FrontierOptions): ChartPicture {
  const { axes, settings, lanes, ticks, numbers, colours, texts } = options
  const inUse = curveInUse(advice, options)
  const costs = inUse.map(point => costOf(point, axes.cost) ?? 0)
  const fresh = inUse.map(point => freshOf(point, axes.fresh))
  const places = lanes.flatMap(({ place }) => (place === null ? [] : [place]))
  const budget = axes.cost === 'requests' ? perDay(settings.maxRequestsPerSecond) : settings.maxBytesPerDay
  const [minX, maxX] = decades([
    ...costs,
    ...places.map(({ cost }) => cost),
    ...(budget === null ? [] : [budget])
  ])
  const boundary = targetAt(advice, options)
  const [minY, maxY] = logRange(
    Math.min(...fresh, ...places.map(({ freshMs }) => freshMs), boundary ?? Number.POSITIVE_INFINITY),
    Math.max(...fresh, ...places.map(({ freshMs }) => freshMs))
  )
  return {
    x: {
      min: minX,
      max: maxX,
      log: true,
      ticks: powersOfTen(minX, maxX, ticks.x).map(at => ({
        at,
        text: axes.cost === 'bytes' ? numbers.bytes(at) : numbers.compact(at)
      }))
    },
    y: {
      min: minY,
      max: maxY,
      log: true,
      reversed: true,
      ticks: logTicks(minY, maxY, ticks.y).map(at => ({ at, text: numbers.duration(at) }))
    },
    at: costs,
    lines: [{ colour: colours.curve, dash: [], values: fresh }],
    regions: boundary === null ? [] : [regionOf(minY, boundary, colours.target)],
    overlays: [
      ...(boundary === null ? [] : [across(minX, maxX, boundary, colours.target, texts.target)]),
      ...(budget === null || budget <= 0 ? [] : [upwards(maxY, minY, budget, texts.budget)]),
      ...labels(advice, options, minX)
    ],
    marks: marksOf(advice, options, minX)
  }
}

/** The curve around what matters, the cheapest first. */
function curveInUse(
  { intervalMs, longestIntervalMs, cheapestIntervalMs }: Advised,
  { curve, settings, lanes }: FrontierOptions
): readonly FrontierPoint[] {
  const matter = [
    intervalMs,
    longestIntervalMs,
    cheapestIntervalMs,
    settings.target.ms,
    ...lanes.map(({ lane }) => lane.report.intervalMs)
  ].filter(interval => interval !== null && interval > 0) as Ms[]
  const least = Math.min(LONGEST_MS / AROUND, Math.max(SHORTEST_MS, Math.min(...matter) / AROUND))
  const most = Math.max(SHORTEST_MS * AROUND, Math.min(LONGEST_MS, Math.max(...matter) * AROUND))
  const inUse = curve.points.filter(
    point => point.intervalMs >= least * 0.99 && point.intervalMs <= most * 1.01
  )
  return inUse.reverse()
}

/** The mean that polling must have at most to meet the target; null when no interval does. */
function targetAt({ longestIntervalMs }: Advised, { curve, axes }: FrontierOptions): Ms | null {
  return longestIntervalMs === null ? null : freshOf(curve.at(longestIntervalMs), axes.fresh)
}

const regionOf = (minY: number, boundary: Ms, colour: string): ChartRegion => ({
  x: null,
  y: [minY, boundary],
  colour
})

const across = (from: number, to: number, y: number, colour: string, label: string): ChartOverlay => ({
  colour,
  dash: [6, 4],
  points: [
    [from, y],
    [to, y]
  ],
  label
})

const upwards = (from: number, to: number, x: number, label: string): ChartOverlay => ({
  colour: null,
  dash: [2, 3],
  points: [
    [x, from],
    [x, to]
  ],
  label
})

/** What asks nothing lies at the edge. */
const shownAt = (cost: number, minX: number): number => Math.max(cost, minX)

function marksOf(advice: Advised, options: FrontierOptions, minX: number): readonly ChartMark[] {
  const { curve, lanes, axes, colours, pointed } = options
  const marks: ChartMark[] = lanes.flatMap(({ lane, place }) =>
    place === null
      ? []
      : [
          {
            x: shownAt(place.cost, minX),
            y: place.freshMs,
            colour: lane.colour,
            shape: lane.report.model === 'push' ? 'square' : 'disc'
          } as const
        ]
  )
  const mark = (point: FrontierPoint, shape: 'diamond' | 'ring'): void => {
    const place = placeOf(point, axes)
    if (place !== null) marks.push({ x: place.cost, y: place.freshMs, colour: colours.curve, shape })
  }
  if (advice.intervalMs !== null) mark(curve.at(advice.intervalMs), 'diamond')
  if (pointed !== null) mark(pointed, 'ring')
  return marks
}

function labels(advice: Advised, options: FrontierOptions, minX: number): readonly ChartOverlay[] {
  const { curve, lanes, axes, numbers, texts, named } = options
  const label = (x: number, y: number, text: string, colour: string | null): ChartOverlay => ({
    colour,
    dash: [],
    points: [[x, y]],
    label: text
  })
  const found = named
    ? lanes.flatMap(({ lane, place }) =>
        place === null ? [] : [label(shownAt(place.cost, minX), place.freshMs, lane.report.name, lane.colour)]
      )
    : []
  const { intervalMs } = advice
  const place = intervalMs === null ? null : placeOf(curve.at(intervalMs), axes)
  if (intervalMs === null || place === null) return found
  return [...found, label(place.cost, place.freshMs, texts.advised(numbers.duration(intervalMs)), null)]
}

const perDay = (perSecond: number | null): number | null => (perSecond === null ? null : perSecond * DAY_S)

/** The powers of ten around all values above 0. */
function decades(values: readonly number[]): readonly [number, number] {
  const powers = values.filter(value => value > 0).map(Math.log10)
  const [least, most] = [Math.min(...powers), Math.max(...powers)]
  const from = Math.floor(least + 1e-6)
  return [10 ** from, 10 ** Math.max(from + 1, Math.ceil(most - 1e-6))]
}

function powersOfTen(min: number, max: number, most: number): readonly number[] {
  const [from, to] = [Math.round(Math.log10(min)), Math.round(Math.log10(max))]
  const step = Math.ceil((to - from + 1) / Math.max(2, most))
  const powers: number[] = []
  for (let power = from; power <= to; power += step) powers.push(10 ** power)
  return powers
}
