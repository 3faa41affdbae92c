import type { LaneReport } from '../../lib/metrics/report.js'
import { CONSUMERS, type Consumer, type Expected, RUNS } from './consumers.js'
import { simulatedRun } from './simulated-run.js'
import { TRAFFIC, type Traffic } from './traffic.js'

/** One figure of one lane, held against theory. */
export interface Compared {
  readonly figure: keyof Expected
  readonly measured: number
  readonly expected: number
  /** What may lie between measured and expected. */
  readonly bound: number
  /** Where chance decides: the figure of the very run, replayed, and what may lie between. */
  readonly replayed: number | null
  readonly replayBound: number
  /** The report's own theory, from its histogram; null where the report has none. */
  readonly reported: number | null
}

/** One lane: one kind of traffic at one consumer. */
export interface Combination {
  readonly traffic: string
  readonly consumer: string
  readonly compared: readonly Compared[]
}

/** 1 % of the figure, and of a share one point in a hundred. */
const SLACK = 0.01
const STANDARD_ERRORS = 4

export const isWithin = ({ measured, expected, bound, replayed, replayBound }: Compared): boolean =>
  Math.abs(measured - expected) <= bound &&
  (replayed === null || Math.abs(measured - replayed) <= replayBound)

/** Every kind of traffic at every consumer. */
export async function compareAll(): Promise<readonly Combination[]> {
  const all: Combination[] = []
  for (const traffic of TRAFFIC) {
    const { lanes } = await simulatedRun(traffic, CONSUMERS)
    for (const consumer of CONSUMERS) {
      const lane = lanes.find(({ name }) => name === consumer.name)
      if (lane === undefined) throw new Error(`expected a lane ${consumer.name}, found none`)
      all.push({ traffic: traffic.name, consumer: consumer.name, compared: compare(lane, traffic, consumer) })
    }
  }
  return all
}

function compare(lane: LaneReport, traffic: Traffic, consumer: Consumer): readonly Compared[] {
  const measured = figuresOf(lane)
  const expected = consumer.expected(traffic)
  const replayed = consumer.replayed?.(traffic) ?? null
  const { chance } = consumer
  const runs = chance === null ? [] : Array.from({ length: RUNS }, (_, run) => chance(traffic, run))
  return (Object.keys(expected) as (keyof Expected)[])
    .filter(figure => Number.isFinite(expected[figure]))
    .map(figure => ({
      figure,
      measured: measured[figure],
      expected: expected[figure],
      bound: Math.max(
        slackOf(figure, expected[figure]),
        STANDARD_ERRORS * spread(runs.map(run => run[figure]))
      ),
      replayed: replayed === null ? null : replayed[figure],
      replayBound: slackOf(figure, replayed?.[figure] ?? 0),
      reported: reportedOf(lane, figure)
    }))
}

const slackOf = (figure: keyof Expected, value: number): number =>
  figure.endsWith('Share') ? SLACK : SLACK * value

/** What the report says of a lane, by the names of theory. */
function figuresOf({
  latencyMs,
  latencyDeliveredMs,
  ageMs,
  freshShare,
  versionsBehind,
  targetShare,
  exchanges,
  updates
}: LaneReport): Expected {
  const settled = (updates.generated ?? Number.NaN) - (updates.pending ?? 0)
  return {
    latencyMeanMs: latencyMs?.mean ?? Number.NaN,
    latencyDeliveredMs: latencyDeliveredMs?.mean ?? Number.NaN,
    ageMeanMs: ageMs.mean ?? Number.NaN,
    freshShare: freshShare ?? Number.NaN,
    versionsBehind: versionsBehind ?? Number.NaN,
    emptyShare: exchanges.emptyShare ?? Number.NaN,
    supersededShare: (updates.superseded ?? Number.NaN) / settled,
    requestsPerUpdate: exchanges.requestsPerUpdate ?? Number.NaN,
    targetShare: targetShare ?? Number.NaN
  }
}

/** Standard deviation of one run; 0 when nothing is left to chance. */
function spread(values: readonly number[]): number {
  if (values.length === 0) return 0
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
}

function reportedOf({ theory }: LaneReport, figure: keyof Expected): number | null {
  const figures: Partial<Record<keyof Expected, number | null>> = theory ?? {}
  return figures[figure] ?? null
}
