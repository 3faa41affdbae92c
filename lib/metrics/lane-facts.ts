import type { Ms, Share } from '../units.js'
import type { Inequality } from './comparable.js'
import type { MatchedBy } from './matching.js'
import type { Flag } from './report.js'
import type { StampClock } from './stamp-clock.js'

/** What is known of a lane beside its figures, for the flags. */
export interface LaneFacts {
  readonly model: 'push' | 'pull'
  readonly count: number
  readonly medianMs: Ms | null
  readonly intervalMs: Ms | null
  readonly jitter: Share
  readonly gaps: { readonly count: number; readonly sum: number; readonly sumSquares: number }
  /** Theory says something of it. */
  readonly predicted: boolean
  readonly lagP99Ms: Ms | null
  /** Of the server's thread, and of the thread that measures. */
  readonly busyShare: Share | null
  readonly ownBusyShare: Share | null
  /** Between who stamped the updates and who received them. */
  readonly stampClock: StampClock
  /** Some deliveries have a time of generation. */
  readonly timed: boolean
  /** Wall clock minus ours. */
  readonly apartMs: Ms
  readonly originWired: boolean
  /** Updates jumped over whose instant nobody knows, and those known only as the mean of a run. */
  readonly assumed: number
  readonly coarse: number
  readonly hasTotals: boolean
  readonly hasExchanges: boolean
  readonly shared: number
  /** Its updates carry no number of ours. */
  readonly foreign: boolean
  /** They have places among those of a lane that sees all. */
  readonly placed: boolean
  readonly matchedBy: MatchedBy | null
  readonly untimed: boolean
  /** Every time of generation is a multiple of this; 0 = of nothing that matters. */
  readonly resolutionMs: Ms
  readonly zoneMissing: boolean
  readonly endedSeconds: number | null
  readonly paused: boolean
  readonly silentSeconds: number | null
  readonly unequal: Inequality | null
  readonly previous: number
}

/** Raises one flag, or null. */
export type LaneRule = (facts: LaneFacts) => Flag | null
