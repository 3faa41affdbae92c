import assert from 'node:assert/strict'
import { Histogram } from '../../../lib/stats/histogram.js'
import { Gaps } from '../../../lib/theory/gaps.js'
import { pollShareWithin, predictPoll } from '../../../lib/theory/poll.js'
import type { EpochMs, Ms } from '../../../lib/units.js'
import { seededRandom } from '../../helpers/random.js'
import { agrees, gapsOf, Measured, recorded } from './brute.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const traffic = {
  earthquakes: recorded('earthquakes'),
  branch: recorded('branch-updates'),
  bursts: Array.from({ length: 400 }, (_, index) => Math.floor(index / 5) * 10_000 + 7 * (index % 5) ** 3)
} satisfies Record<string, EpochMs[]>

/** Polls with many phases, spread evenly: what theory calls independent of the updates. */
function polled(
  times: readonly EpochMs[],
  { intervalMs, wayBackMs, read, jitter = 0 }: Parameters<typeof predictPoll>[1],
  phases: number
): Measured {
  const measured = new Measured(times, read)
  const random = seededRandom(7)
  const end = times.at(-1) ?? 0
  for (let phase = 0; phase < phases; phase += 1) {
    const answers: { askedAt: EpochMs; heldAt: EpochMs }[] = []
    // the last poll is the first that holds everything
    for (let due = ((phase + 0.5) / phases) * intervalMs; ; due += intervalMs) {
      const askedAt = due + random() * jitter * intervalMs
      answers.push({ askedAt, heldAt: askedAt + wayBackMs })
      if (askedAt >= end) break
    }
    measured.run(answers)
  }
  return measured
}

describe('polling, predicted from the gaps', () => {
  const cases: [keyof typeof traffic, Ms, number][] = [
    ['earthquakes', MINUTE, 8],
    ['earthquakes', 5 * MINUTE, 40],
    ['earthquakes', 20 * MINUTE, 200],
    ['branch', HOUR, 8],
    ['branch', 24 * HOUR, 60],
    ['bursts', 500, 40],
    ['bursts', 6000, 300]
  ]
  for (const [name, intervalMs, phases] of cases)
    for (const read of ['latest', 'log'] as const)
      it(`is what polling ${name} every ${intervalMs / 1000} s measures, reading ${read}`, () => {
        const times = traffic[name]
        const rule = { intervalMs, wayBackMs: intervalMs / 20, read }
        const found = predictPoll(Gaps.of(gapsOf(times)), rule)
        agrees(found, polled(times, rule, phases).figures(), 0.01, 0.005, name)
      })

  it('follows the jitter of the polls', () => {
    const times = traffic.earthquakes
    for (const jitter of [0.3, 1]) {
      const rule = { intervalMs: 6 * MINUTE, wayBackMs: 10_000, read: 'latest', jitter } as const
      const measured = polled(times, rule, 60)
      agrees(predictPoll(Gaps.of(gapsOf(times)), rule), measured.figures(), 0.01, 0.005, `jitter ${jitter}`)
      for (const share of [0.1, 0.5, 0.9, 1.2, 1.5]) {
        const within = rule.wayBackMs + share * rule.intervalMs
        const found =
          measured.latencies.filter(latency => latency <= within).length / measured.latencies.length
        assert.ok(
          Math.abs(pollShareWithin(within, rule) - found) < 0.01,
          `${share} of the interval, jitter ${jitter}`
        )
      }
    }
    const wait = (jitter: number) =>
      predictPoll(Gaps.of([1]), { intervalMs: 1000, wayBackMs: 5, read: 'latest', jitter }).latencyMeanMs
    assert.equal(wait(1), 500 * (1 + 1 / 6) + 5)
  })

  it('has latencies that are uniform on [w, w + T]', () => {
    const rule = { intervalMs: 1000, wayBackMs: 20, read: 'latest' } as const
    assert.deepEqual(
      [-5, 20, 270, 520, 1010, 1020, 9999].map(ms => pollShareWithin(ms, rule)),
      [0, 0, 0.25, 0.5, 0.99, 1, 1]
    )
  })

  it('has the limits of polling all the time, and of polling less than ever something changes', () => {
    const gaps = Gaps.of(gapsOf(traffic.branch))
    const always = predictPoll(gaps, { intervalMs: 0, wayBackMs: 0, read: 'latest' })
    assert.deepEqual(always, {
      latencyMeanMs: 0,
      latencyDeliveredMs: 0,
      ageMeanMs: gaps.sumSquares / (2 * gaps.total),
      freshShare: 1,
      versionsBehind: 0,
      emptyShare: 1,
      supersededShare: 0,
      requestsPerUpdate: Number.POSITIVE_INFINITY
    })
    const often = predictPoll(gaps, { intervalMs: 1, wayBackMs: 0, read: 'latest' })
    for (const key of ['freshShare', 'emptyShare', 'supersededShare', 'versionsBehind'] as const)
      assert.ok(Math.abs(often[key] - always[key]) <= 1e-5, `T → 0: ${key} ${often[key]}`)
    assert.deepEqual([often.latencyMeanMs, often.ageMeanMs - always.ageMeanMs], [0.5, 0.5])
    assert.ok(Math.abs(often.latencyDeliveredMs - 0.5) < 1e-5)
    const longest = Math.max(...gapsOf(traffic.branch))
    for (const intervalMs of [longest, longest * 1000]) {
      const rare = predictPoll(gaps, { intervalMs, wayBackMs: 0, read: 'latest' })
      assert.equal(rare.emptyShare, 0)
      assert.equal(rare.requestsPerUpdate, 1)
      assert.ok(Math.abs(rare.supersededShare - (1 - gaps.mean / intervalMs)) < 1e-12)
    }
  })

  it('is nothing without gaps', () => {
    const nothing = predictPoll(Gaps.of([]), { intervalMs: 1000, wayBackMs: 5, read: 'latest' })
    for (const key of ['ageMeanMs', 'freshShare', 'emptyShare', 'versionsBehind'] as const)
      assert.ok(Number.isNaN(nothing[key]), key)
  })

  it('is as good from a histogram: times within 0.5 %, shares within 0.5 points', () => {
    for (const [name, ...all] of Object.entries(traffic)) {
      // the longest gaps of the branch are longer than any bucket
      const times = all.flat().map(time => time / 100)
      const histogram = new Histogram()
      for (const gap of gapsOf(times)) histogram.record(gap)
      const exact = Gaps.of(gapsOf(times))
      const rough = Gaps.ofHistogram(histogram.toJSON())
      for (const share of [0.01, 0.1, 0.3, 1, 3, 10]) {
        const rule = { intervalMs: share * exact.mean, wayBackMs: 0.01 * exact.mean, read: 'latest' } as const
        const [found, expected] = [predictPoll(rough, rule), predictPoll(exact, rule)]
        agrees(found, expected, 0.005, 0.005, `${name}, T ${share}`)
      }
    }
  })

  it('knows from a histogram how many gaps are longer than any bucket, and their mean', () => {
    const histogram = new Histogram()
    for (const gap of gapsOf(traffic.branch)) histogram.record(gap)
    const exact = Gaps.of(gapsOf(traffic.branch))
    const rough = Gaps.ofHistogram(histogram.toJSON())
    const rule = { intervalMs: 24 * HOUR, wayBackMs: 1000, read: 'latest' } as const
    const [found, expected] = [predictPoll(rough, rule), predictPoll(exact, rule)]
    assert.ok(Math.abs(found.emptyShare - expected.emptyShare) < 0.001)
    assert.ok(Math.abs(expected.emptyShare - 0.855) < 0.001, 'MEASURING: 85.5 % of the daily polls are empty')
    assert.ok(Math.abs(found.supersededShare - expected.supersededShare) < 0.001)
  })
})
