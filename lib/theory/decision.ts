import type { HistogramJson } from '../stats/histogram.js'
import type { Bytes, Ms, Share } from '../units.js'
import { breakEven } from './break-even.js'
import { frontierOf } from './frontier.js'
import { Gaps } from './gaps.js'
import { reasonsOf } from './sentences.js'
import { type Situation, situationOf } from './situation.js'
import { cheapestInterval, judge } from './verdict.js'
import { wouldChange } from './would-change.js'

/** What a sentence of ours says in figures, so that another language can say it too. Values in the units of the report. */
export type SentenceParams = Readonly<Record<string, string | number>>

/** One sentence with the figures that it rests on. */
export interface Reason {
  readonly code: string
  readonly params: SentenceParams
  readonly message: string
}

/** What is known of one stream and of what it costs to push and to poll it. Times and gaps as measured, not times `speed`. */
export interface DecisionFacts {
  readonly stream: string
  /** Real ms per measured ms: of replayed traffic its speed, else 1. */
  readonly speed: number
  /** Gaps between its updates. */
  readonly gaps: HistogramJson
  /** Time from the server's look at its newest update until the client has the answer; null while nothing polls. */
  readonly wayBackMs: Ms | null
  /** Null while nothing is pushed. */
  readonly push: {
    /** Over all updates. */
    readonly latencyMs: HistogramJson | null
    /** It is how far it came behind the first lane: nobody says when the updates were generated. */
    readonly lowerBound?: boolean
    readonly bytesPerUpdate: Bytes | null
    /** CPU of the server for one update to one client, µs. */
    readonly cpuMicrosPerUpdate: number | null
  } | null
  /** Null while nothing polls. */
  readonly poll: {
    /** Both directions, of a poll that brought an update, and of one that did not. */
    readonly bytesUpdated: Bytes | null
    readonly bytesEmpty: Bytes | null
    /** CPU of the server for one request, µs. */
    readonly cpuMicrosPerRequest: number | null
  } | null
  /** Codes of the flags that spoil one of these figures. */
  readonly spoiledBy: readonly string[]
}

/** What is asked for, in real time; budgets are of all clients together. */
export interface DecisionSettings {
  /** The share of all updates that is to be there within so many ms. */
  readonly target: { readonly ms: Ms; readonly share: Share }
  /** Planned clients, at least 1. */
  readonly clients: number
  readonly maxRequestsPerSecond: number | null
  readonly maxBytesPerDay: Bytes | null
}

export type Verdict = 'push' | 'pull' | 'either' | 'not-conclusive'

/** Polling at one interval, predicted (MEASURING, deciding); requests and bytes of all planned clients together. */
export interface FrontierPoint {
  readonly intervalMs: Ms
  readonly latencyMeanMs: Ms
  readonly targetShare: Share
  readonly ageMeanMs: Ms
  readonly emptyShare: Share
  readonly supersededShare: Share
  readonly requestsPerSecond: number
  /** Null while the bytes of an answer with and without news are not measured. */
  readonly bytesPerDay: Bytes | null
  /** The recording is shorter than 20 such intervals (`TOO_FEW`); absent otherwise. */
  readonly uncertain?: true
}

/** Push or poll, and how often: a recommendation for a person (MEASURING, deciding). Times are real, whatever the speed of a replay. */
export interface Advice {
  readonly stream: string
  readonly verdict: Verdict
  /** The advised interval of polling; null when no interval will do. */
  readonly intervalMs: Ms | null
  /** The longest that meets the target; null when none does. At most this while the way back is not measured. */
  readonly longestIntervalMs: Ms | null
  /** The shortest within the budgets; null without a budget, and while its cost is not known. */
  readonly cheapestIntervalMs: Ms | null
  readonly breakEven: {
    /** Updates per second from which on, at the advised interval, polling takes fewer bytes. */
    readonly ratePerSecond: number | null
    /** Interval from which on, at this traffic, polling takes fewer bytes. */
    readonly bytesIntervalMs: Ms | null
    /** The most clients that may poll at the advised interval within `maxRequestsPerSecond`. */
    readonly clients: number | null
  }
  /** Why (`sentences.ts` lists the codes). */
  readonly reasons: readonly Reason[]
  /** The nearest settings and rates at which another verdict holds (`would-change.ts` lists the codes). */
  readonly wouldChange: readonly Reason[]
  readonly frontier: readonly FrontierPoint[]
}

/**
 * Push or poll, and how often (MEASURING, deciding). Pure; some tenths of a millisecond with gaps at hand.
 * @param gaps - made of `facts.gaps` before, so that a slider need not make them anew
 */
export function decide(
  facts: DecisionFacts,
  settings: DecisionSettings,
  gaps: Gaps = Gaps.ofHistogram(facts.gaps)
): Advice {
  const situation: Situation = situationOf(facts, settings, gaps)
  const judgement = judge(situation)
  const intervalMs = judgement.pull === false ? null : judgement.longestMs
  return {
    stream: facts.stream,
    verdict: judgement.verdict,
    intervalMs,
    longestIntervalMs: judgement.longestMs,
    cheapestIntervalMs: cheapestInterval(situation),
    breakEven: breakEven(situation, intervalMs ?? judgement.longestMs),
    reasons: reasonsOf(situation, judgement),
    wouldChange: wouldChange(situation, judgement),
    frontier: frontierOf(situation)
  }
}
