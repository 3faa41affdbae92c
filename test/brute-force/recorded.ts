import { readFileSync } from 'node:fs'
import { Histogram } from '../../lib/stats/histogram.js'
import { type Advice, type DecisionFacts, decide } from '../../lib/theory/decision.js'
import { Gaps } from '../../lib/theory/gaps.js'
import type { EpochMs, Ms } from '../../lib/units.js'
import { type Counted, POLL, pollAll } from './polling.js'

/** Instants of the first column of a recording. */
export function recorded(file: string): EpochMs[] {
  const rows = readFileSync(`test/data/${file}.csv`, 'utf8').trim().split('\n').slice(1)
  return rows.map(row => Date.parse(row.split(',')[0] ?? '')).sort((one, other) => one - other)
}

export const PUSH = { latencyMs: 5, bytes: 310 } as const
export const SHARE = 0.95

/** The advice for this traffic and this target, from the costs of the simulation. */
export function adviceFor(times: readonly EpochMs[], targetMs: Ms): Advice {
  const gaps = times.slice(1).map((time, at) => time - (times[at] ?? 0))
  const [gapHistogram, latency] = [new Histogram(), new Histogram()]
  for (const gap of gaps) gapHistogram.record(gap)
  latency.record(PUSH.latencyMs, times.length)
  const facts: DecisionFacts = {
    stream: 'recorded',
    speed: 1,
    gaps: gapHistogram.toJSON(),
    wayBackMs: POLL.wayBackMs,
    push: { latencyMs: latency.toJSON(), bytesPerUpdate: PUSH.bytes, cpuMicrosPerUpdate: null },
    poll: {
      bytesUpdated: POLL.bytesUpdated,
      bytesEmpty: POLL.bytesEmpty,
      cpuMicrosPerRequest: null
    },
    spoiledBy: []
  }
  const settings = {
    target: { ms: targetMs, share: SHARE },
    clients: 1,
    maxRequestsPerSecond: null,
    maxBytesPerDay: null
  }
  return decide(facts, settings, Gaps.of(gaps))
}

/** Parts and multiples of the longest interval: what is recommended, and what is rejected. */
export const MULTIPLES = [0.25, 0.5, 0.9, 0.98, 1.02, 1.1, 2, 4] as const

export interface Tried {
  readonly multiple: number
  readonly counted: Counted
}

/** Tries the intervals around the advised one. */
export function tryAround(
  times: readonly EpochMs[],
  targetMs: Ms,
  longestMs: Ms,
  phases = 40
): readonly Tried[] {
  return MULTIPLES.map(multiple => ({
    multiple,
    counted: pollAll(times, multiple * longestMs, targetMs, phases)
  }))
}
