import type { Curves } from '../../../lib/metrics/curves.js'
import type { LaneReport } from '../../../lib/metrics/report.js'
import type { NumberTexts } from '../../../lib/number-texts.js'
import { laneKey } from '../lane-key.js'
import type { ChartOverlay, ReadoutRow } from './chart-picture.js'
import type { Cumulative } from './latency-curve.js'

/** What is computed is drawn in the colour of its lane, in strokes finer than any lane's. */
export const THEORY_DASH: readonly number[] = [4, 3]

export interface TheoryCurve extends Cumulative {
  readonly colour: string
}

/** The predicted distribution of each lane of which theory says something. */
export function theoryCurves(
  lanes: readonly { readonly key: string; readonly colour: string }[],
  curves: Curves | null
): readonly TheoryCurve[] {
  if (curves === null) return []
  const predicted = new Map(curves.lanes.map(lane => [laneKey(lane), lane.theory ?? null]))
  return lanes.flatMap(({ key, colour }) => {
    const shares = predicted.get(key) ?? null
    return shares === null ? [] : [{ colour, at: curves.atMs, shares }]
  })
}

/** Predicted curves over the measured ones. */
export const theoryOverlays = (curves: readonly TheoryCurve[]): readonly ChartOverlay[] =>
  curves.map(({ colour, at, shares }) => ({
    colour,
    dash: THEORY_DASH,
    points: shares.map((share, place) => [at[place] ?? 0, share] as const),
    label: null
  }))

export interface TheoryTexts {
  readonly measured: string
  readonly agrees: string
  readonly differs: string
}

/**
 * Mean latency beside what theory says of it, and whether they agree: whether the theory lies within the interval of
 * confidence, its own error on both sides. Nothing while one of them is not known.
 */
export function theoryFigures(
  { latencyMs, theory }: Partial<Pick<LaneReport, 'latencyMs' | 'theory'>>,
  { duration }: Pick<NumberTexts, 'duration'>,
  texts: TheoryTexts
): ReadoutRow['figures'] {
  const predicted = theory?.latencyMeanMs ?? null
  const interval = latencyMs?.ci95.mean ?? null
  if (!theory || !latencyMs || predicted === null || interval === null) return []
  const { plusMinus } = theory
  const agree = predicted >= interval[0] - plusMinus && predicted <= interval[1] + plusMinus
  return [
    { label: texts.measured, value: duration(latencyMs.mean) },
    {
      label: agree ? texts.agrees : texts.differs,
      value: `${duration(predicted)}\u00a0±\u00a0${duration(plusMinus)}`
    }
  ]
}
