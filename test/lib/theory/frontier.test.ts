import assert from 'node:assert/strict'
import fc from 'fast-check'
import { decide } from '../../../lib/theory/decision.js'
import { Gaps } from '../../../lib/theory/gaps.js'
import { seededRandom } from '../../helpers/random.js'
import { arrivals } from '../metrics/simulation.js'
import { decided, everySecond, factsOf, settingsOf } from './cases.js'

const someGaps = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 })
const near = (found: number, expected: number, share = 0.01) =>
  assert.ok(Math.abs(found - expected) <= share * Math.abs(expected) + 1e-9, `${found} for ${expected}`)

describe('the frontier', () => {
  it('is 50 intervals from 10 ms to 1 day in equal steps of the logarithm', () => {
    const intervals = decided({ gaps: everySecond }).frontier.map(({ intervalMs }) => intervalMs)
    assert.equal(intervals.length, 50)
    assert.equal(intervals[0], 10)
    assert.equal(intervals.at(-1), 86_400_000)
    for (const [at, interval] of intervals.slice(1).entries())
      near(interval / (intervals[at] ?? 0), 8.64e6 ** (1 / 49), 0.002)
  })

  it('tells what polling means for periodic traffic, by the closed formulas', () => {
    const { frontier } = decided({ gaps: everySecond, settings: { clients: 10 } })
    for (const point of frontier) {
      const interval = point.intervalMs
      const empty = Math.max(0, 1 - interval / 1000)
      near(point.emptyShare, empty)
      near(point.supersededShare, Math.max(0, 1 - 1000 / interval))
      near(point.latencyMeanMs, interval / 2 + 10)
      near(point.ageMeanMs, 500 + interval / 2 + 10)
      near(point.targetShare, Math.min(1, 990 / interval))
      near(point.requestsPerSecond, 10_000 / interval)
      near(point.bytesPerDay ?? Number.NaN, (864e6 / interval) * (660 - 420 * empty))
    }
  })

  it('is the Poisson formula for Poisson traffic', () => {
    const random = seededRandom(7)
    const gaps = Array.from({ length: 200_000 }, () => -Math.log(1 - random()) * 1000)
    for (const { intervalMs, emptyShare } of decided({ gaps }).frontier)
      assert.ok(Math.abs(emptyShare - Math.exp(-intervalMs / 1000)) < 0.005)
  })

  it('is in real time for the replayed earthquakes: a mean gap of 5.9 min, whatever the speed', () => {
    const points = [1, 300].map(speed => {
      const times = arrivals.earthquakes(speed)
      const gaps = times.slice(1).map((time, at) => time - (times[at] ?? 0))
      const { frontier } = decided({ gaps, facts: { speed, wayBackMs: 10 / speed } })
      return frontier
    })
    const [real, replayed] = points
    for (const [at, point] of (real ?? []).entries())
      for (const key of ['emptyShare', 'ageMeanMs', 'bytesPerDay', 'latencyMeanMs'] as const)
        near(replayed?.[at]?.[key] ?? Number.NaN, point[key] ?? Number.NaN, 0.002)
  })

  it('gets fresher and dearer with every shorter interval, and nothing in it is NaN', () => {
    fc.assert(
      fc.property(someGaps, fc.double({ min: 0, max: 5000, noNaN: true }), (gaps, wayBackMs) => {
        const { frontier } = decided({ gaps, facts: { wayBackMs } })
        assert.equal(frontier.length, gaps.reduce((sum, gap) => sum + gap, 0) >= 0.001 ? 50 : 0)
        for (const point of frontier)
          for (const [key, value] of Object.entries(point))
            if (key !== 'uncertain') assert.ok(Number.isFinite(value), key)
        for (const [at, longer] of frontier.slice(1).entries()) {
          const shorter = frontier[at]
          assert.ok(shorter)
          for (const key of ['latencyMeanMs', 'ageMeanMs', 'supersededShare'] as const)
            assert.ok(shorter[key] <= longer[key], key)
          for (const key of ['targetShare', 'emptyShare', 'requestsPerSecond'] as const)
            assert.ok(shorter[key] >= longer[key], key)
          assert.ok((shorter.bytesPerDay ?? 0) >= (longer.bytesPerDay ?? 0))
        }
      }),
      { numRuns: 200 }
    )
  })

  it('marks the intervals that the recording is too short for', () => {
    // 10 000 s tell of intervals up to 500 s
    for (const { intervalMs, uncertain = false } of decided({ gaps: everySecond }).frontier)
      assert.equal(uncertain, intervalMs > 500_000)
  })

  it('is there before anything is polled, with unknown bytes', () => {
    const { frontier } = decided({ gaps: everySecond, facts: { push: null, poll: null, wayBackMs: null } })
    assert.equal(frontier.length, 50)
    for (const { bytesPerDay } of frontier) assert.equal(bytesPerDay, null)
  })

  it('of a histogram is that of the exact gaps to 1 %', () => {
    const random = seededRandom(3)
    const gaps = Array.from({ length: 5000 }, () => random() ** 3 * 60_000)
    const exact = decided({ gaps }).frontier
    const { frontier } = decide(factsOf({ gaps }), settingsOf())
    for (const [at, point] of frontier.entries()) {
      near(point.ageMeanMs, exact[at]?.ageMeanMs ?? Number.NaN)
      near(point.bytesPerDay ?? Number.NaN, exact[at]?.bytesPerDay ?? Number.NaN)
      assert.ok(Math.abs(point.emptyShare - (exact[at]?.emptyShare ?? Number.NaN)) < 0.01)
    }
  })
})

describe('a decision', () => {
  it('holds no number that is not finite, whatever is known', () => {
    const maybe = (most: number) => fc.option(fc.double({ min: 0, max: most, noNaN: true }))
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1e5, noNaN: true }), { maxLength: 40 }),
        fc.tuple(maybe(2000), maybe(1000), maybe(1000), maybe(1000), maybe(500), maybe(500)),
        fc.tuple(fc.double({ min: 0, max: 1e5, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
        fc.tuple(fc.integer({ min: 1, max: 1e6 }), maybe(1e4), maybe(1e12)),
        (gaps, [way, pushed, updated, empty, cpu, request], [ms, share], [clients, requests, bytes]) => {
          const advice = decided({
            gaps,
            facts: { wayBackMs: way },
            push: { bytesPerUpdate: pushed, cpuMicrosPerUpdate: cpu },
            poll: { bytesUpdated: updated, bytesEmpty: empty, cpuMicrosPerRequest: request },
            settings: {
              target: { ms, share },
              clients,
              maxRequestsPerSecond: requests,
              maxBytesPerDay: bytes
            }
          })
          // JSON makes null of what is not finite
          assert.deepEqual(JSON.parse(JSON.stringify(advice)), advice)
          assert.doesNotMatch(JSON.stringify(advice), /NaN|Infinity|undefined/)
        }
      ),
      { numRuns: 300 }
    )
  })

  it('takes less than a millisecond with the gaps of 100 000 updates at hand', () => {
    const random = seededRandom(5)
    const recorded = Array.from({ length: 100_000 }, () => -Math.log(1 - random()) * 500)
    const [facts, settings, gaps] = [
      factsOf({ gaps: recorded }),
      settingsOf({ clients: 100, maxRequestsPerSecond: 500, maxBytesPerDay: 1e10 }),
      Gaps.of(recorded)
    ]
    const times = Array.from({ length: 200 }, () => {
      const from = process.cpuUsage()
      decide(facts, settings, gaps)
      const { user, system } = process.cpuUsage(from)
      return user + system
    }).sort((one, other) => one - other)
    // the limit of a frame is 16 ms; of this it is some tenths
    assert.ok((times[100] ?? 0) < 5000, `${times[100]} µs`)
  })
})
