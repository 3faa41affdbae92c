import type { Ms } from '../units.js'
import { figure, flag } from './flag.js'
import type { LaneFacts, LaneRule } from './lane-facts.js'

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

/** Gaps from which on a period can be told. */
const LEAST_GAPS = 10

/** Poll interval and period of the updates are commensurate: the phase of one run decides its figures. */
export const aliasing: LaneRule = facts => {
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
    'Set a jitter of at least 0.5, or an interval that is no simple fraction of the period.',
    { p: ratio.p, q: ratio.q, spreadMs: spread }
  )
}
