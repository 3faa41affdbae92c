import type { Ms, Share } from '../units.js'
import type { Flag, FlagCode } from './report.js'

/** Updates that a two-sided 95 % interval for p99 and for p99.9 needs (MEASURING, validity). */
const FOR_P99 = 368
const FOR_P999 = 3688
/** Updates that a polling mean to ±5 % needs. */
const FOR_MEAN = 513
const LEAST_GAPS = 10

/** What is known of a lane beside its figures, for the flags. */
export interface LaneFacts {
  readonly model: 'push' | 'pull'
  readonly count: number
  readonly medianMs: Ms | null
  readonly intervalMs: Ms | null
  readonly jitter: Share
  readonly gaps: { readonly count: number; readonly sum: number; readonly sumSquares: number }
  readonly lagP99Ms: Ms | null
  readonly busyShare: Share | null
  readonly clockErrorMs: Ms | null
  readonly originWired: boolean
  /** Updates jumped over whose instant nobody knows, and those known only as the mean of a run. */
  readonly assumed: number
  readonly coarse: number
  readonly hasTotals: boolean
  readonly hasExchanges: boolean
  readonly shared: number
  readonly foreign: boolean
  readonly untimed: boolean
  readonly wholeSeconds: boolean
  readonly zoneMissing: boolean
  readonly endedSeconds: number | null
  readonly silentSeconds: number | null
  readonly unequal: string | null
  readonly previous: number
}

type Rule = (facts: LaneFacts) => Flag | null

const truthful = ['latencyMs', 'freshShare', 'versionsBehind', 'targetShare']

/** Coefficient of variation; null below two gaps. */
export function variation(gaps: LaneFacts['gaps']): number | null {
  if (gaps.count < 2 || gaps.sum <= 0) return null
  const mean = gaps.sum / gaps.count
  return Math.sqrt(Math.max(0, gaps.sumSquares / gaps.count - mean * mean)) / mean
}

/**
 * Whether T/D lies within 1 % of p/q with q ≤ 10 (MEASURING, aliasing).
 * @returns p and q, lowest q first; null when it does not
 */
export function commensurate(intervalMs: Ms, periodMs: Ms): { p: number; q: number } | null {
  const ratio = intervalMs / periodMs
  for (let q = 1; q <= 10; q += 1) {
    const p = Math.max(1, Math.round(ratio * q))
    if (Math.abs(ratio - p / q) <= (0.01 * p) / q) return { p, q }
  }
  return null
}

const rules: readonly Rule[] = [
  facts => {
    if (facts.originWired) return null
    const blind = facts.assumed > 0
    return flag(
      'ORIGIN_NOT_WIRED',
      blind
        ? 'Nobody says when the updates that this lane skipped were generated.'
        : 'What was generated is known only from what the lanes delivered.',
      blind ? truthful : ['updates.pending'],
      'Wire the output of the origin into this node.'
    )
  },
  ({ originWired, coarse, assumed }) =>
    coarse > 0 || (originWired && assumed > 0)
      ? flag(
          'TRUTH_COARSE',
          `${coarse + assumed} updates are known only by the mean of a run: the lane was far behind, or the origin’s messages did not all come.`,
          ['latencyMs.p50', 'latencyMs.p90', 'latencyMs.p99', 'latencyMs.p999'],
          'Poll more often, or wire the origin straight into this node.'
        )
      : null,
  ({ hasTotals, hasExchanges, model }) =>
    hasExchanges
      ? null
      : flag(
          'EXCHANGES_NOT_WIRED',
          'Errors, empty polls and outages are not seen as they happen.',
          [
            ...(hasTotals ? [] : ['exchanges', 'bytes', 'connections', 'server']),
            ...(model === 'pull' ? ['scheduleLagMs', 'clock'] : [])
          ],
          'Wire the second output of the source into this node.'
        ),
  ({ shared }) =>
    shared > 1
      ? flag(
          'COSTS_SHARED',
          `Requests, bytes and connections are those of the source; its ${shared} streams share them.`,
          ['exchanges', 'bytes', 'connections'],
          'Use one source for each stream to tell their costs apart.'
        )
      : null,
  ({ foreign }) =>
    foreign
      ? flag(
          'FOREIGN_IDS',
          'The updates carry no sequence numbers: gaps cannot be seen.',
          ['updates.generated', 'updates.lost'],
          'Send the updates through a delivery-origin, where that is possible.'
        )
      : null,
  ({ untimed }) =>
    untimed
      ? flag(
          'NO_GENERATION_TIME',
          'Nobody says when the updates were generated: lanes are compared by which had them first.',
          ['latencyMs', 'latencyDeliveredMs', 'ageMs', 'freshShare', 'versionsBehind', 'targetShare'],
          'Set the time property, where the payload tells a time.'
        )
      : null,
  ({ zoneMissing }) =>
    zoneMissing
      ? flag(
          'TIME_ZONE_MISSING',
          'The times in the payload have no zone and were read as UTC.',
          ['latencyMs', 'latencyDeliveredMs', 'ageMs', 'targetShare'],
          'Let the sender write times with a zone (2026-01-31T12:00:00Z).'
        )
      : null,
  ({ foreign, untimed, wholeSeconds, medianMs, count }) =>
    foreign && !untimed && wholeSeconds && count >= LEAST_GAPS && medianMs !== null && medianMs < 10_000
      ? flag(
          'TIME_RESOLUTION',
          'The times in the payload are whole seconds: that much error is in every latency.',
          ['latencyMs', 'latencyDeliveredMs'],
          'Let the sender write fractions of a second.'
        )
      : null,
  facts => {
    const { gaps, intervalMs, jitter } = facts
    const cv = variation(gaps)
    if (facts.model !== 'pull' || intervalMs === null || jitter >= 0.5) return null
    if (gaps.count < LEAST_GAPS || cv === null || cv >= 0.1) return null
    const periodMs = gaps.sum / gaps.count
    const ratio = commensurate(intervalMs, periodMs)
    if (ratio === null) return null
    const spread = periodMs / ratio.q / 2
    return flag(
      'ALIASING',
      `The poll interval is about ${ratio.p}/${ratio.q} of the updates’ period: one run’s mean may lie ${figure(spread)} ms off either way.`,
      ['latencyMs', 'latencyDeliveredMs', 'ageMs', 'freshShare', 'versionsBehind', 'targetShare'],
      'Set a jitter of at least 0.5, or an interval that is no simple fraction of the period.'
    )
  },
  ({ model, intervalMs, lagP99Ms }) =>
    model === 'pull' && intervalMs !== null && lagP99Ms !== null && lagP99Ms > intervalMs / 10
      ? flag(
          'SCHEDULE_LAG',
          `One poll in a hundred left more than ${figure(lagP99Ms)} ms late.`,
          ['latencyMs', 'ageMs'],
          'Give this computer less to do, or poll less often.'
        )
      : null,
  ({ busyShare }) =>
    busyShare !== null && busyShare > 0.7
      ? flag(
          'SATURATED',
          `The server’s thread is busy ${Math.round(busyShare * 100)} % of the time.`,
          ['latencyMs', 'server'],
          'Lower the rate of updates, polls or clients.'
        )
      : null,
  ({ clockErrorMs, medianMs }) =>
    clockErrorMs !== null && medianMs !== null && clockErrorMs > Math.abs(medianMs) / 10
      ? flag(
          'CLOCK',
          `The other clock is known to ± ${figure(clockErrorMs)} ms only.`,
          ['latencyMs', 'latencyDeliveredMs', 'ageMs'],
          'Measure on one computer, or compare lanes by which had it first.'
        )
      : null,
  ({ unequal }) =>
    unequal === null
      ? null
      : flag(
          'UNEQUAL',
          unequal,
          ['bytes', 'latencyMs', 'updates'],
          'Give the compared lanes equal settings, and reset the figures.'
        ),
  ({ endedSeconds }) =>
    endedSeconds === null
      ? null
      : flag(
          'LANE_ENDED',
          `Nothing has come from this source for ${figure(endedSeconds)} s; the figures end there.`,
          [],
          'Reset the figures to forget lanes that have ended.'
        ),
  ({ silentSeconds }) =>
    silentSeconds === null
      ? null
      : flag(
          'SILENT',
          `There are updates that did not come here for ${figure(silentSeconds)} s.`,
          [],
          'See the status of the source: stream, topic filter or server may be wrong.'
        ),
  ({ previous }) =>
    previous > 0
      ? flag(
          'SETTINGS_CHANGED',
          'The settings of the source have changed: its figures began anew.',
          [],
          'See the earlier figures under “previous”.'
        )
      : null,
  ({ count }) => {
    const missing: string[] = []
    const spoils: string[] = []
    if (count < FOR_P99) {
      missing.push(`p99 after ${FOR_P99} updates`)
      spoils.push('latencyMs.p99')
    }
    if (count < FOR_MEAN) {
      missing.push(`mean to ± 5 % after ${FOR_MEAN}`)
      spoils.push('latencyMs.mean')
    }
    if (count < FOR_P999) {
      missing.push(`p99.9 after ${FOR_P999}`)
      spoils.push('latencyMs.p999')
    }
    return missing.length === 0
      ? null
      : flag('TOO_FEW', `${missing.join(', ')}; ${count} so far.`, spoils, 'Let it run on.')
  }
]

/** Everything that makes a figure of the lane inconclusive. */
export function laneFlags(facts: LaneFacts): readonly Flag[] {
  const flags: Flag[] = []
  for (const rule of rules) {
    const found = rule(facts)
    if (found !== null) flags.push(found)
  }
  return flags
}

export function flag(code: FlagCode, message: string, spoils: readonly string[], remedy: string): Flag {
  return { code, message, spoils, remedy }
}

const figure = (value: number): string =>
  Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(2).replace(/\.0$/, '')
