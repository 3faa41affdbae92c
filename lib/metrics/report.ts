import type { Confidence } from '../stats/confidence.js'
import type { HistogramJson } from '../stats/histogram.js'
import type { Advice, Reason, SentenceParams } from '../theory/decision.js'
import type { Bytes, EpochMs, Ms, Share } from '../units.js'
import type { Model, Read } from '../update/delivery.js'
import type { ClockOffset, Trigger } from '../update/exchange.js'
import type { Qos } from '../update/update.js'
import type { MatchedBy } from './matching.js'

export type { Confidence, Interval } from '../stats/confidence.js'
export type { Advice, FrontierPoint, Reason, SentenceParams } from '../theory/decision.js'

/** Why a number is not conclusive, or null (CONTRACT 5). */
export type FlagCode =
  | 'ALIASING'
  | 'TOO_FEW'
  | 'SCHEDULE_LAG'
  | 'SATURATED'
  | 'CLOCK'
  | 'CLOCK_STEP'
  | 'CLOCK_UNKNOWN'
  | 'UNEQUAL'
  | 'ORIGIN_NOT_WIRED'
  | 'EXCHANGES_NOT_WIRED'
  | 'COSTS_SHARED'
  | 'TRUTH_COARSE'
  | 'NO_GROUND_TRUTH'
  | 'FOREIGN_IDS'
  | 'NO_GENERATION_TIME'
  | 'TIME_ZONE_MISSING'
  | 'TIME_RESOLUTION'
  | 'LANE_ENDED'
  | 'PAUSED'
  | 'SETTINGS_CHANGED'
  | 'LANES_DROPPED'
  | 'SILENT'

export interface Flag {
  readonly code: FlagCode
  /** What the message says in figures. */
  readonly params: SentenceParams
  readonly message: string
  /** Paths of the figures that it spoils, from the lane (or stream) on. */
  readonly spoils: readonly string[]
  /** What to do about it. */
  readonly remedy: string
}

/** A distribution of durations in ms. */
export interface Distribution {
  readonly count: number
  readonly mean: Ms
  readonly min: Ms
  readonly p50: Ms
  readonly p90: Ms
  readonly p99: Ms
  readonly p999: Ms
  readonly max: Ms
  readonly ci95: Confidence
  /** With `?detail=1`. */
  readonly histogram?: HistogramJson
}

/** Half a distribution: what stands beside it is enough. */
export interface Lag {
  readonly p50: Ms
  readonly p99: Ms
}

/** What theory says of a lane, from the gaps of its own updates (MEASURING, formulas); null where it says nothing. */
export interface Theory {
  readonly latencyMeanMs: Ms | null
  readonly emptyShare: Share | null
  readonly supersededShare: Share | null
  readonly ageMeanMs: Ms | null
  readonly freshShare: Share | null
  readonly requestsPerUpdate: number | null
  /** Half the way there and back, the error of what latency and age rest on; ms. */
  readonly plusMinus: Ms
}

/** One time without the server, at one lane (CONTRACT 5). */
export interface Outage {
  readonly cause: 'fault' | 'deploy' | 'unknown'
  readonly from: EpochMs
  /** The server answers again; null as long as it does not. */
  readonly back: EpochMs | null
  /** First fresh value; null before. */
  readonly until: EpochMs | null
  /** `until − from`. */
  readonly recoveryMs: Ms | null
  readonly lost: number | null
  readonly duplicate: number
  readonly late: number
  readonly reconnects: number | null
}

/** One sentence of the classic comparison, tested (DESIGN, first table). */
export interface Claim {
  readonly id: string
  readonly verdict: 'holds' | 'does-not-hold' | 'not-tested'
  /** The two figures behind it, by lane or side; null where not known. */
  readonly figures: Readonly<Record<string, number | string | null>>
  readonly reason: Reason
}

export interface LaneReport {
  readonly source: string
  readonly name: string
  readonly model: Model
  readonly stream: string
  readonly read: Read
  readonly trigger: Trigger | null
  readonly intervalMs: Ms | null
  readonly waitMs: Ms | null
  readonly qos: Qos | null
  readonly since: EpochMs | null
  /** Its figures count from then on (CONTRACT 5): the end of the warm-up, a reset, a change of its settings. */
  readonly windowStart: EpochMs
  readonly matchedBy: MatchedBy | null
  readonly updates: {
    readonly generated: number | null
    readonly delivered: number
    readonly superseded: number | null
    readonly lost: number | null
    readonly pending: number | null
    readonly duplicate: number
    readonly outOfOrder: number | null
    readonly catchUp: number
  }
  readonly latencyMs: Distribution | null
  readonly latencyDeliveredMs: Distribution | null
  readonly behindFirstMs: Distribution | null
  readonly ageMs: {
    readonly now: Ms | null
    readonly mean: Ms | null
    readonly peakMean: Ms | null
    readonly max: Ms | null
  }
  readonly freshShare: Share | null
  readonly versionsBehind: number | null
  readonly targetShare: Share | null
  readonly exchanges: {
    readonly requests: number | null
    readonly empty: number | null
    readonly notModified: number | null
    readonly errors: number | null
    readonly timeouts: number | null
    readonly throttled: number | null
    readonly skipped: number | null
    readonly emptyShare: Share | null
    readonly requestsPerUpdate: number | null
  }
  readonly bytes: {
    readonly sent: Bytes | null
    readonly received: Bytes | null
    readonly perUpdate: Bytes | null
  }
  readonly connections: {
    readonly open: number | null
    readonly opened: number | null
    readonly reconnects: number | null
  }
  readonly outages: readonly Outage[]
  readonly server: {
    readonly busyShare: Share
    readonly cpuMicrosPerUpdate: number | null
    readonly dropped: number
    readonly refused: number
  } | null
  readonly scheduleLagMs: Lag | null
  readonly clock: ClockOffset | null
  readonly fleet: null
  readonly theory: Theory | null
  /** Figures under earlier settings, oldest first. */
  readonly previous: readonly LaneReport[]
  readonly flags: readonly Flag[]
}

export interface StreamReport {
  readonly stream: string
  readonly origin: string | null
  readonly generated: number
  readonly ratePerSecond: number | null
  readonly speed: number | null
  readonly gaps: {
    readonly count: number
    readonly mean: Ms | null
    readonly cv: number | null
    /** With `?detail=1`. */
    readonly histogram?: HistogramJson
    /** With `?detail=1`: the last gaps, in order. */
    readonly last?: readonly Ms[]
  }
  readonly scheduleLagMs: Lag | null
  readonly flags: readonly Flag[]
  readonly advice: Advice | null
}

/** What a metrics node reports (CONTRACT 5): plain JSON, every key present, null where a figure cannot be known. */
export interface Report {
  readonly version: 1
  readonly id: string
  readonly name: string
  readonly startedAt: EpochMs
  readonly now: EpochMs
  readonly seconds: number
  readonly target: { readonly ms: Ms; readonly share: Share }
  readonly flags: readonly Flag[]
  readonly streams: readonly StreamReport[]
  readonly lanes: readonly LaneReport[]
  readonly sweep: readonly never[]
  readonly claims: readonly Claim[]
  readonly advice: Advice | null
}
