import type { Histogram } from '../stats/histogram.js'
import type { EpochMs, Ms, Share } from '../units.js'
import type { Model } from '../update/delivery.js'

/** Cumulative distributions of latency, for pictures. */
export interface Curves {
  readonly now: EpochMs
  /** Where the shares are taken: ms, ascending, 0.1 ms to 1 h in equal steps of the logarithm. */
  readonly atMs: readonly Ms[]
  readonly lanes: readonly LaneCurves[]
}

export interface LaneCurves {
  readonly source: string
  readonly model: Model
  readonly stream: string
  /** Share of all updates with a latency of at most `atMs[i]`; null as in the report. */
  readonly all: readonly Share[] | null
  /** Of the delivered ones only. */
  readonly delivered: readonly Share[] | null
  /** What theory predicts for all updates; null where it says nothing. */
  readonly theory: readonly Share[] | null
}

const PER_DECADE = 24
const DECADES = Math.log10(3_600_000 / 0.1)

/** 0.1 ms to 1 h. */
export const CURVE_AT_MS: readonly Ms[] = Array.from(
  { length: Math.ceil(DECADES * PER_DECADE) + 1 },
  (_, step) => Number((0.1 * 10 ** (step / PER_DECADE)).toPrecision(4))
)

/** The cumulative distribution at `CURVE_AT_MS`, to four digits; null while nothing is counted. */
export function curveOf(histogram: Histogram): readonly Share[] | null {
  if (histogram.count === 0) return null
  return histogram.sharesAtOrBelow(CURVE_AT_MS).map(share => Math.round(share * 1e4) / 1e4)
}
