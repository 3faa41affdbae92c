import { type Advice, type DecisionFacts, type DecisionSettings, decide } from '../theory/decision.js'
import type { Bytes, EpochMs } from '../units.js'
import { decisionFacts, type MeasuredLane } from './decision-facts.js'
import type { StreamReport } from './report.js'
import type { Stream } from './stream.js'

/** For how many the answer is, and what it may cost them together; null is no limit. */
export interface Plans {
  readonly clients: number
  readonly maxRequestsPerSecond: number | null
  readonly maxBytesPerDay: Bytes | null
}

export const NO_PLANS: Plans = { clients: 1, maxRequestsPerSecond: null, maxBytesPerDay: null }

/** How much of the advice a report has: all of it, without the frontier, or none. */
export type AdviceWish = 'whole' | 'brief' | 'none'

/** One stream with its figures. */
export interface MeasuredStream {
  readonly stream: Stream
  readonly report: StreamReport
}

/** What `decisions` answers (CONTRACT 6): all that a browser needs to decide for itself. */
export interface Decisions {
  readonly now: EpochMs
  readonly settings: DecisionSettings
  readonly streams: readonly DecisionFacts[]
}

/** Streams with advice; an answer for each of a thousand would take a second. */
const MOST_ADVISED = 20

/** What `decisions` answers: facts of the advised streams, the busiest first. */
export function decisionsOf(
  now: EpochMs,
  settings: DecisionSettings,
  streams: readonly MeasuredStream[],
  lanes: readonly MeasuredLane[]
): Decisions {
  const facts = advised(streams).map(({ stream, report }) => decisionFacts(stream, report, lanes))
  return { now, settings, streams: facts }
}

/** The streams that are advised on, the busiest first. */
function advised(streams: readonly MeasuredStream[]): readonly MeasuredStream[] {
  return [...streams]
    .sort((one, other) => other.stream.generated - one.stream.generated)
    .slice(0, MOST_ADVISED)
}

/** The streams with their advice, and the advice of the busiest. */
export function withAdvice(
  streams: readonly MeasuredStream[],
  lanes: readonly MeasuredLane[],
  settings: DecisionSettings,
  wish: AdviceWish
): { readonly streams: readonly StreamReport[]; readonly advice: Advice | null } {
  const answers = new Map<Stream, Advice>()
  if (wish !== 'none')
    for (const { stream, report } of advised(streams)) {
      const advice = decide(decisionFacts(stream, report, lanes), settings)
      answers.set(stream, wish === 'brief' ? { ...advice, frontier: [] } : advice)
    }
  const [busiest] = answers.values()
  return {
    streams: streams.map(({ stream, report }) => ({ ...report, advice: answers.get(stream) ?? null })),
    advice: busiest ?? null
  }
}
