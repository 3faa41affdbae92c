import type { DecisionSettings } from '../theory/decision.js'
import type { EpochMs, Ms } from '../units.js'
import { type AdviceWish, type MeasuredStream, withAdvice } from './advice.js'
import { claimsOf } from './claims.js'
import type { MeasuredLane } from './decision-facts.js'
import type { Report } from './report.js'
import { reportFlags } from './validity.js'

/** What a report is made of. */
export interface Measured {
  readonly id: string
  readonly name: string
  readonly startedAt: EpochMs
  readonly now: EpochMs
  readonly settings: DecisionSettings
  /** Lanes beyond the most. */
  readonly dropped: number
  /** Wall clock minus ours. */
  readonly apartMs: Ms
  readonly streams: readonly MeasuredStream[]
  readonly lanes: readonly MeasuredLane[]
}

/** The report (CONTRACT 5). */
export function wholeReport(measured: Measured, wish: AdviceWish): Report {
  const { id, name, startedAt, now, settings, dropped, lanes } = measured
  const { streams, advice } = withAdvice(measured.streams, lanes, settings, wish)
  const reports = lanes.map(({ report }) => report)
  return {
    version: 1,
    id,
    name,
    startedAt,
    now,
    seconds: (now - startedAt) / 1000,
    target: settings.target,
    flags: reportFlags(dropped, measured.apartMs),
    streams,
    lanes: reports,
    sweep: [],
    claims: wish === 'none' ? [] : claimsOf(reports, advice),
    advice
  }
}
