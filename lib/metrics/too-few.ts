import { durationText } from '../quantities.js'
import { FOR_MEAN, FOR_P99, FOR_P999 } from './enough.js'
import { flag } from './flag.js'
import type { LaneRule } from './lane-facts.js'

const STEPS = [
  { case: 'p99', needed: FOR_P99, spoilt: 'latencyMs.p99', text: `p99 after ${FOR_P99} updates` },
  { case: 'mean', needed: FOR_MEAN, spoilt: 'latencyMs.mean', text: `mean to ± 5 % after ${FOR_MEAN}` },
  { case: 'p999', needed: FOR_P999, spoilt: 'latencyMs.p999', text: `p99.9 after ${FOR_P999}` }
] as const

/** Longest interval that may be predicted, as a part of the time that the gaps cover (MEASURING, U1–U8). */
const PART = 20

/** What theory says rests on too short a time. */
export const tooShort: LaneRule = ({ predicted, intervalMs, gaps }) =>
  predicted && intervalMs !== null && intervalMs * PART > gaps.sum
    ? flag(
        'TOO_FEW',
        `Theory needs ${PART} poll intervals, ${durationText(intervalMs * PART)}; the updates seen cover ${durationText(gaps.sum)}.`,
        ['theory'],
        'Let it run on.',
        { case: 'theory', intervals: PART, neededMs: intervalMs * PART, spanMs: gaps.sum }
      )
    : null

/** Figures that need more updates, as progress: how many, and how many there are. */
export const tooFew: LaneRule = ({ count }) => {
  const missing = STEPS.filter(({ needed }) => count < needed)
  const [next] = missing
  if (next === undefined) return null
  return flag(
    'TOO_FEW',
    `${missing.map(({ text }) => text).join(', ')}; ${count} so far.`,
    missing.map(({ spoilt }) => spoilt),
    'Let it run on.',
    { case: next.case, updates: count, p99: FOR_P99, mean: FOR_MEAN, p999: FOR_P999 }
  )
}
