import { FOR_MEAN, FOR_P99, FOR_P999 } from './enough.js'
import { flag } from './flag.js'
import type { LaneRule } from './lane-facts.js'

const STEPS = [
  { case: 'p99', needed: FOR_P99, spoilt: 'latencyMs.p99', text: `p99 after ${FOR_P99} updates` },
  { case: 'mean', needed: FOR_MEAN, spoilt: 'latencyMs.mean', text: `mean to ± 5 % after ${FOR_MEAN}` },
  { case: 'p999', needed: FOR_P999, spoilt: 'latencyMs.p999', text: `p99.9 after ${FOR_P999}` }
] as const

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
