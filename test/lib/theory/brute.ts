import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import type { Prediction } from '../../../lib/theory/prediction.js'
import type { EpochMs, Ms } from '../../../lib/units.js'

/** Instants of a recorded stream, ms from its first update on. */
export function recorded(file: 'earthquakes' | 'branch-updates'): EpochMs[] {
  const rows = readFileSync(`test/data/${file}.csv`, 'utf8').trim().split('\n').slice(1)
  const times = rows.map(row => Date.parse(row.split(',', 1)[0] ?? '')).sort((a, b) => a - b)
  return times.map(time => time - (times[0] ?? 0))
}

export const gapsOf = (times: readonly EpochMs[]): Ms[] =>
  times.slice(1).map((time, index) => time - (times[index] ?? 0))

/** One answered request: what was generated until `askedAt` is held from `heldAt` on. */
export interface Answered {
  readonly askedAt: EpochMs
  readonly heldAt: EpochMs
  /** Updates at most. @default all */
  readonly most?: number
}

/** Sums of what one consumer measured, looked at update by update and instant by instant. */
export class Measured {
  readonly #times: readonly EpochMs[]
  readonly #read: 'latest' | 'log'
  readonly latencies: Ms[] = []
  #delivered: Ms[] = []
  #polls = 0
  #empty = 0
  #ms = 0
  #age = 0
  #fresh = 0

  constructor(times: readonly EpochMs[], read: 'latest' | 'log') {
    this.#times = times
    this.#read = read
  }

  /** One run; it holds the first update from its generation on, and ends with its last answer. */
  run(answers: readonly Answered[]): void {
    const times = this.#times
    let newest = 0
    const holds: { from: EpochMs; newest: number }[] = [{ from: times[0] ?? 0, newest: 0 }]
    for (const { askedAt, heldAt, most = times.length } of answers) {
      this.#polls += 1
      const before = newest
      while (newest + 1 < times.length && (times[newest + 1] ?? 0) <= askedAt && newest - before < most)
        newest += 1
      if (newest === before) this.#empty += 1
      else holds.push({ from: heldAt, newest })
      for (let update = before + 1; update <= newest; update += 1) {
        const latency = heldAt - (times[update] ?? 0)
        this.latencies.push(latency)
        if (this.#read === 'log' || update === newest) this.#delivered.push(latency)
      }
    }
    for (const [index, { from, newest: held }] of holds.entries()) {
      const until = holds[index + 1]?.from
      if (until === undefined) break
      const generatedAt = times[held] ?? 0
      this.#ms += until - from
      this.#age += ((from - generatedAt + until - generatedAt) / 2) * (until - from)
      this.#fresh += Math.max(0, Math.min(until, times[held + 1] ?? until) - from)
    }
  }

  figures(): Prediction {
    const mean = (list: readonly number[]): number =>
      list.reduce((sum, value) => sum + value, 0) / list.length
    return {
      latencyMeanMs: mean(this.latencies),
      latencyDeliveredMs: mean(this.#delivered),
      ageMeanMs: this.#age / this.#ms,
      freshShare: this.#fresh / this.#ms,
      versionsBehind: (mean(this.latencies) * this.latencies.length) / this.#ms,
      emptyShare: this.#empty / this.#polls,
      supersededShare: 1 - this.#delivered.length / this.latencies.length,
      requestsPerUpdate: this.#polls / this.#delivered.length
    }
  }
}

/** Every figure within `slack`, relative; shares within `points`. */
export function agrees(
  found: Prediction,
  expected: Prediction,
  slack: number,
  points: number,
  what: string
): void {
  for (const key of Object.keys(expected) as (keyof Prediction)[]) {
    const bound = key.endsWith('Share') ? points : Math.abs(expected[key]) * slack
    const good = Math.abs(found[key] - expected[key]) <= bound || found[key] === expected[key]
    assert.ok(good, `${what}, ${key}: expected ${expected[key]} ± ${bound}, found ${found[key]}`)
  }
}
