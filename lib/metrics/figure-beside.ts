import type { Interval, LaneReport, Theory } from './report.js'

/** What may stand beside a figure: how sure it is, and what theory says of it. */
export interface Beside {
  /** 95 % interval. */
  readonly interval: Interval | null
  readonly theory: { readonly value: number; readonly plusMinus: number | null } | null
}

const PREDICTED: Readonly<Record<string, Exclude<keyof Theory, 'plusMinus'>>> = {
  'latencyMs.mean': 'latencyMeanMs',
  'ageMs.mean': 'ageMeanMs',
  freshShare: 'freshShare',
  'exchanges.emptyShare': 'emptyShare',
  'exchanges.requestsPerUpdate': 'requestsPerUpdate'
}
const DISTRIBUTIONS = ['latencyMs', 'latencyDeliveredMs', 'behindFirstMs'] as const
const SURE = ['mean', 'p50', 'p99'] as const

/** Interval and theory of the figure with this key (`figures.ts`). */
export function besideOf(key: string, lane: LaneReport): Beside {
  const [path, name] = key.split('.')
  const distribution = DISTRIBUTIONS.find(one => one === path)
  const sure = SURE.find(one => one === name)
  const interval =
    distribution === undefined || sure === undefined ? null : (lane[distribution]?.ci95[sure] ?? null)
  const predicted = PREDICTED[key]
  const value = predicted === undefined ? null : (lane.theory?.[predicted] ?? null)
  if (value === null || lane.theory === null) return { interval, theory: null }
  // what theory rests on is known to so many ms: of shares and ratios that says nothing
  const plusMinus = key.startsWith('latencyMs') || key.startsWith('ageMs') ? lane.theory.plusMinus : null
  return { interval, theory: { value, plusMinus } }
}
