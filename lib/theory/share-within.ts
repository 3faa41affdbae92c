import { lowerEdge } from '../stats/buckets.js'
import type { HistogramJson } from '../stats/histogram.js'
import type { Ms, Share } from '../units.js'

/**
 * The share of the counted values that are at most so many ms, as `Histogram.shareAtOrBelow` says it, but found in
 * O(log n): for search and sliders. Zero and negative values are within any duration of 0 or more.
 */
export function shareWithin({ buckets, count, min, max }: HistogramJson): (ms: Ms) => Share {
  const positive = buckets.filter(([index]) => index > 0)
  const lows = Float64Array.from(positive, ([index]) => lowerEdge(index - 1))
  const before = new Float64Array(positive.length + 1)
  before[0] = buckets.reduce((sum, [index, held]) => (index > 0 ? sum : sum + held), 0)
  for (const [at, [, held]] of positive.entries()) before[at + 1] = (before[at] ?? 0) + held
  return ms => {
    if (ms >= (max ?? 0)) return 1
    if (ms < (min ?? 0)) return 0
    let [low, high] = [0, lows.length]
    while (low < high) {
      const between = (low + high) >>> 1
      if ((lows[between] ?? 0) <= ms) low = between + 1
      else high = between
    }
    if (low === 0) return (before[0] ?? 0) / count
    const [index, held] = positive[low - 1] ?? [1, 0]
    const from = Math.max(lowerEdge(index - 1), min ?? 0)
    const to = Math.min(lowerEdge(index), max ?? 0)
    const part = ms >= to ? 1 : to > from ? Math.max(0, ms - from) / (to - from) : 1
    return ((before[low - 1] ?? 0) + held * part) / count
  }
}
