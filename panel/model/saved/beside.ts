import { valueText } from '../../../lib/metrics/figure-texts.js'
import type { Figure } from '../../../lib/metrics/figures.js'
import type { LaneReport } from '../../../lib/metrics/report.js'
import type { NumberTexts } from '../../../lib/number-texts.js'
import type { ChartOverlay } from '../charts/chart-picture.js'
import { type Cumulative, latencyOf } from '../charts/latency-curve.js'
import type { SavedLane, SavedRun } from './saved-run.js'

type LaneNow = {
  readonly key: string
  readonly report: Pick<LaneReport, 'name' | 'model'>
  readonly colour: string
}

/** The same lane in the earlier run: by its source, else by the only one of its name and model. */
export function savedLaneOf(
  run: SavedRun | null,
  { key, report }: Pick<LaneNow, 'key' | 'report'>
): SavedLane | null {
  if (run === null) return null
  const same = run.lanes.find(lane => lane.key === key)
  if (same !== undefined) return same
  const alike = run.lanes.filter(({ name, model }) => name === report.name && model === report.model)
  return alike.length === 1 ? (alike[0] ?? null) : null
}

/** Lanes of the earlier run that this run has not. */
export function goneLanes(run: SavedRun | null, lanes: readonly LaneNow[]): readonly SavedLane[] {
  const kept = new Set(lanes.map(lane => savedLaneOf(run, lane)))
  return run?.lanes.filter(lane => !kept.has(lane)) ?? []
}

/** Curves of the earlier run, to be drawn quietly over those of now. */
export function savedCurves(
  run: SavedRun | null,
  lanes: readonly LaneNow[],
  deliveredOnly: boolean
): readonly (Cumulative & { readonly colour: string })[] {
  return lanes.flatMap(lane => {
    const saved = savedLaneOf(run, lane)
    const curve = deliveredOnly ? saved?.delivered : saved?.all
    return curve ? [{ ...curve, colour: lane.colour }] : []
  })
}

/** Thinner and paler than what is measured now, dotted: colour is never the only sign. */
export const savedOverlays = (
  curves: readonly (Cumulative & { readonly colour: string })[],
  label: string
): readonly ChartOverlay[] =>
  curves.map(({ at, shares, colour }, place) => ({
    colour: `${colour}cc`,
    dash: [2, 3],
    // from where it leaves the ground to where it has arrived, so that its name stands beside it
    points: at.flatMap((x, index) => {
      const [share = 0, before = 0, after = 1] = [shares[index], shares[index - 1], shares[index + 1]]
      return (share === 0 && after === 0) || (share === 1 && before === 1) ? [] : [[x, share] as const]
    }),
    label: place === 0 ? label : null
  }))

/** The medians of the curves that `savedCurves` gives, in words; null when there are none. */
export function savedMedians(
  run: SavedRun | null,
  lanes: readonly LaneNow[],
  path: 'latencyMs' | 'latencyDeliveredMs',
  numbers: Pick<NumberTexts, 'duration'>
): string | null {
  const words = lanes.flatMap(lane => {
    const saved = savedLaneOf(run, lane)
    const curve = path === 'latencyMs' ? saved?.all : saved?.delivered
    const median = curve ? (saved?.values.get(`${path}.p50`) ?? latencyOf(curve, 0.5)) : null
    return median === null ? [] : [`${lane.report.name} ${numbers.duration(median)}`]
  })
  return words.length === 0 ? null : words.join(', ')
}

/** What a figure of a lane was before; null when that is not known. */
export function savedText(
  run: SavedRun | null,
  lane: Pick<LaneNow, 'key' | 'report'>,
  { key, unit }: Figure,
  numbers: NumberTexts
): string | null {
  const value = savedLaneOf(run, lane)?.values.get(key)
  return value === undefined ? null : valueText(unit, value, numbers)
}
