import type { Curves, LaneCurves } from '../../../lib/metrics/curves.js'
import { FOR_P99 } from '../../../lib/metrics/enough.js'
import type { Distribution, Flag, LaneReport } from '../../../lib/metrics/report.js'
import type { NumberTexts } from '../../../lib/number-texts.js'
import type { Ms, Share } from '../../../lib/units.js'
import { laneKey } from '../lane-key.js'
import { whyUnknown } from '../why-unknown.js'
import type { ChartMark, ChartOverlay, ChartPicture, PicturedLane, ReadoutRow } from './chart-picture.js'
import { logTicks } from './duration-ticks.js'
import { type Cumulative, latencyOf, rangeInUse, shareWithin } from './latency-curve.js'

export type LatencyLane = PicturedLane<
  Pick<LaneReport, 'name' | 'latencyMs' | 'latencyDeliveredMs' | 'flags' | 'updates'> &
    Partial<Pick<LaneReport, 'theory'>>
> & {
  /** Null while nothing is known of its latencies. */
  readonly curve: Cumulative | null
  readonly figures: Distribution | null
}

/** Bounds of the axis: what curves are computed for. */
const BOUNDS: readonly [Ms, Ms] = [0.1, 3_600_000]
const QUARTERS: readonly Share[] = [0, 0.25, 0.5, 0.75, 1]

/** Lanes with their curves: of all updates, or of the delivered ones only. */
export function latencyLanes(
  lanes: readonly PicturedLane<LaneReport>[],
  curves: Curves | null,
  deliveredOnly: boolean
): readonly LatencyLane[] {
  const known = new Map<string, LaneCurves>()
  for (const lane of curves?.lanes ?? []) known.set(laneKey(lane), lane)
  return lanes.map(lane => {
    const drawn = known.get(lane.key)
    const shares = (deliveredOnly ? drawn?.delivered : drawn?.all) ?? null
    return {
      ...lane,
      curve: curves === null || shares === null ? null : { at: curves.atMs, shares },
      figures: deliveredOnly ? lane.report.latencyDeliveredMs : lane.report.latencyMs
    }
  })
}

export interface LatencyOptions {
  readonly targets: readonly Ms[]
  /** Curves that are computed and not measured, drawn dashed over the measured ones. */
  readonly overlays: readonly ChartOverlay[]
  /** Curves that the axis must have room for too. */
  readonly others?: readonly Cumulative[]
  readonly ticks: { readonly x: number; readonly y: number }
  readonly numbers: Pick<NumberTexts, 'duration' | 'share'>
  readonly targetText: (duration: string) => string
}

/** Cumulative distributions over a logarithmic axis, the target, and p50 and p99 on each curve. */
export function latencyPicture(lanes: readonly LatencyLane[], options: LatencyOptions): ChartPicture {
  const { targets, overlays, ticks, numbers, targetText } = options
  const curves = lanes.flatMap(({ curve }) => (curve === null ? [] : [curve]))
  const [min, max] = rangeInUse([...curves, ...(options.others ?? [])], targets, BOUNDS)
  return {
    x: {
      min,
      max,
      log: true,
      ticks: logTicks(min, max, ticks.x).map(at => ({ at, text: numbers.duration(at) }))
    },
    y: {
      min: 0,
      max: 1,
      log: false,
      ticks: QUARTERS.filter((_, place) => ticks.y >= QUARTERS.length || place % 2 === 0).map(at => ({
        at,
        text: numbers.share(at)
      }))
    },
    at: curves[0]?.at ?? [min, max],
    lines: lanes.flatMap(({ colour, dash, curve }) =>
      curve === null ? [] : [{ colour, dash, values: curve.shares }]
    ),
    overlays: [
      ...targets
        .filter(target => target >= min && target <= max)
        .map(target => ({
          colour: null,
          dash: [6, 4],
          points: [
            [target, 0],
            [target, 1]
          ] as const,
          label: targetText(numbers.duration(target))
        })),
      ...overlays
    ],
    marks: lanes.flatMap(marksOf)
  }
}

function marksOf({ curve, figures, colour }: LatencyLane): readonly ChartMark[] {
  if (curve === null || figures === null) return []
  const marks: ChartMark[] = []
  const mark = (share: Share, shape: ChartMark['shape']): void => {
    const x = latencyOf(curve, share)
    if (x !== null) marks.push({ x, y: share, colour, shape })
  }
  mark(0.5, 'disc')
  if (figures.count >= FOR_P99) mark(0.99, 'diamond')
  return marks
}

export interface LatencyRowTexts {
  readonly p50: string
  readonly p99: string
  /** `p99 after 368 updates, 41 so far` */
  readonly tooFew: (wanted: string, have: string) => string
  /** `≤ 120 ms` */
  readonly within: (duration: string) => string
  readonly notKnown: (why: Flag | null) => string
}

/** Percentiles of each lane, and the share within the latency at the cursor. */
export function latencyRows(
  lanes: readonly LatencyLane[],
  cursor: Ms | null,
  path: 'latencyMs' | 'latencyDeliveredMs',
  numbers: Pick<NumberTexts, 'duration' | 'share' | 'count'>,
  texts: LatencyRowTexts
): readonly ReadoutRow[] {
  return lanes.map(({ key, report, colour, dash, curve, figures }) => {
    const row = { key, name: report.name, colour, dash }
    if (curve === null || figures === null)
      return { ...row, figures: [], note: texts.notKnown(whyUnknown(report, path)) }
    const enough = figures.count >= FOR_P99
    const within =
      cursor === null
        ? []
        : [
            {
              label: texts.within(numbers.duration(cursor)),
              value: numbers.share(shareWithin(curve, cursor))
            }
          ]
    return {
      ...row,
      figures: [
        ...within,
        { label: texts.p50, value: numbers.duration(figures.p50) },
        ...(enough ? [{ label: texts.p99, value: numbers.duration(figures.p99) }] : [])
      ],
      note: enough ? null : texts.tooFew(numbers.count(FOR_P99), numbers.count(figures.count))
    }
  })
}
