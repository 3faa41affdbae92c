import type { Bytes, EpochMs, Ms, Share } from '../../lib/units.js'

/** What one poll costs and takes in the simulation. */
export const POLL = { wayBackMs: 40, bytesUpdated: 660, bytesEmpty: 240 } as const

/** Polling at one interval, counted. */
export interface Counted {
  readonly intervalMs: Ms
  readonly targetShare: Share
  readonly emptyShare: Share
  readonly latencyMeanMs: Ms
  readonly bytesPerDay: Bytes
}

/**
 * Polls recorded updates poll by poll, with no formula: every update waits for the next poll and its way back.
 * @param phases - runs, each with another instant of the first poll, evenly spread; the figures are those of all together
 */
export function pollAll(times: readonly EpochMs[], intervalMs: Ms, targetMs: Ms, phases: number): Counted {
  const [first, last] = [times[0] ?? 0, times.at(-1) ?? 0]
  let [polls, empty, updates, within, waited] = [0, 0, 0, 0, 0]
  for (let run = 0; run < phases; run += 1) {
    let next = 1
    for (let at = first + ((run + 0.5) / phases) * intervalMs; at <= last; at += intervalMs) {
      polls += 1
      const before = next
      for (let made = times[next]; made !== undefined && made <= at; made = times[next]) {
        const latency = at - made + POLL.wayBackMs
        waited += latency
        updates += 1
        if (latency <= targetMs) within += 1
        next += 1
      }
      if (next === before) empty += 1
    }
  }
  const bytes = (polls - empty) * POLL.bytesUpdated + empty * POLL.bytesEmpty
  return {
    intervalMs,
    targetShare: within / updates,
    emptyShare: empty / polls,
    latencyMeanMs: waited / updates,
    bytesPerDay: (bytes / (phases * (last - first))) * 86_400_000
  }
}

/** The longest of these intervals at which at least `share` of the updates came in time, by trying every one. */
export function longestOf(counted: readonly Counted[], share: Share): Counted | null {
  return counted.filter(({ targetShare }) => targetShare >= share).at(-1) ?? null
}
