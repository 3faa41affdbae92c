import { Histogram, type HistogramJson } from '../../../lib/stats/histogram.js'
import {
  type Advice,
  type DecisionFacts,
  type DecisionSettings,
  decide
} from '../../../lib/theory/decision.js'
import { Gaps } from '../../../lib/theory/gaps.js'
import type { Ms } from '../../../lib/units.js'

export function histogramOf(values: Iterable<Ms>): HistogramJson {
  const histogram = new Histogram()
  for (const value of values) histogram.record(value)
  return histogram.toJSON()
}

export interface Case {
  readonly gaps: readonly Ms[]
  readonly facts?: Partial<DecisionFacts>
  readonly push?: Partial<NonNullable<DecisionFacts['push']>>
  readonly poll?: Partial<NonNullable<DecisionFacts['poll']>>
  readonly settings?: Partial<DecisionSettings>
}

/** One update a second; push takes 2 ms and 310 bytes, a poll 660 bytes with news and 240 without, 10 ms way back. */
export function factsOf({ gaps, facts, push, poll }: Omit<Case, 'settings'>): DecisionFacts {
  return {
    stream: 'updates',
    speed: 1,
    gaps: histogramOf(gaps),
    wayBackMs: 10,
    push: {
      latencyMs: histogramOf(Array.from({ length: 1000 }, () => 2)),
      bytesPerUpdate: 310,
      cpuMicrosPerUpdate: null,
      ...push
    },
    poll: { bytesUpdated: 660, bytesEmpty: 240, cpuMicrosPerRequest: null, ...poll },
    spoiledBy: [],
    ...facts
  }
}

/** 95 % within 1 s, one client, no budget. */
export const settingsOf = (settings: Partial<DecisionSettings> = {}): DecisionSettings => ({
  target: { ms: 1000, share: 0.95 },
  clients: 1,
  maxRequestsPerSecond: null,
  maxBytesPerDay: null,
  ...settings
})

export const everySecond: readonly Ms[] = Array.from({ length: 10_000 }, () => 1000)

/** Decides with the exact gaps. */
export function decided(of: Case): Advice {
  return decide(factsOf(of), settingsOf(of.settings), Gaps.of(of.gaps))
}

export const codesOf = (sentences: Advice['reasons']): string[] => sentences.map(({ code }) => code)
