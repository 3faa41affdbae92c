import assert from 'node:assert/strict'
import type { Ms } from '../../../lib/units.js'
import { type Case, codesOf, decided, everySecond, histogramOf } from './cases.js'

const DAY: Ms = 86_400_000
const gaps = everySecond
const missing = { latencyMs: histogramOf(Array.from({ length: 1000 }, (_, at) => (at < 900 ? 2 : 5000))) }
/** (1000 − 10) ms / 0.95 */
const LONGEST = 990 / 0.95

/** Every row is computed by hand from the rules of MEASURING, deciding. */
const table: readonly { name: string; of: Case; verdict: string; reasons: readonly string[] }[] = [
  {
    // polls every 1042 ms all bring news: 86400/1.042 · 660 B = 54.7 MB against 86400 · 310 B = 26.8 MB: 2.04 times
    name: 'push, when polling takes twice the bytes',
    of: { gaps },
    verdict: 'push',
    reasons: ['PUSH_FEWER_BYTES', 'PULL_MEETS_TARGET', 'PUSH_MEETS_TARGET', 'EMPTY_POLLS']
  },
  {
    // 60 s / 0.95 = 63.1 s: 86400/63.1 · 660 B = 0.9 MB against 26.8 MB
    name: 'pull, when the target is loose',
    of: { gaps, settings: { target: { ms: 60_000, share: 0.95 } } },
    verdict: 'pull',
    reasons: ['PULL_FEWER_BYTES', 'PULL_MEETS_TARGET', 'PUSH_MEETS_TARGET', 'EMPTY_POLLS']
  },
  {
    // 1500 ms / 0.95 − w: T = 1568 ms: 36.4 MB against 26.8 MB: 1.36 times
    name: 'either, when neither takes 1.5 times as much',
    of: { gaps, settings: { target: { ms: 1500, share: 0.95 } } },
    verdict: 'either',
    reasons: ['BYTES_ALIKE', 'PULL_MEETS_TARGET', 'PUSH_MEETS_TARGET', 'EMPTY_POLLS']
  },
  {
    // bytes are for push, CPU is for pull: 86400 · 500 µs = 43 s against 86400/1.042 · 100 µs = 8 s
    name: 'either, when bytes say push and CPU says pull',
    of: { gaps, push: { cpuMicrosPerUpdate: 500 }, poll: { cpuMicrosPerRequest: 100 } },
    verdict: 'either',
    reasons: ['PUSH_FEWER_BYTES', 'PULL_LESS_CPU', 'PULL_MEETS_TARGET', 'PUSH_MEETS_TARGET', 'EMPTY_POLLS']
  },
  {
    name: 'push, when CPU is measured of one side only and bytes say push',
    of: { gaps, push: { cpuMicrosPerUpdate: 500 } },
    verdict: 'push',
    reasons: ['PUSH_FEWER_BYTES', 'PULL_MEETS_TARGET', 'PUSH_MEETS_TARGET', 'EMPTY_POLLS']
  },
  {
    name: 'push, when the answer is longer under way than the target, and no byte is known',
    of: {
      gaps,
      facts: { wayBackMs: 1000 },
      push: { bytesPerUpdate: null },
      poll: { bytesUpdated: null, bytesEmpty: null }
    },
    verdict: 'push',
    reasons: ['PULL_TOO_LATE', 'PUSH_MEETS_TARGET']
  },
  {
    name: 'pull, when push misses the target, and no byte is known',
    of: { gaps, push: { ...missing, bytesPerUpdate: null }, poll: { bytesUpdated: null, bytesEmpty: null } },
    verdict: 'pull',
    reasons: ['PULL_MEETS_TARGET', 'PUSH_MISSES_TARGET', 'EMPTY_POLLS']
  },
  {
    // 100 clients every 1042 ms are 96 requests a second
    name: 'push, when polling goes over the budget of requests',
    of: { gaps, settings: { clients: 100, maxRequestsPerSecond: 90 } },
    verdict: 'push',
    reasons: ['PULL_OVER_BUDGET', 'PUSH_MEETS_TARGET', 'PUSH_FEWER_BYTES', 'EMPTY_POLLS']
  },
  {
    // 26.8 MB against 25 MB
    name: 'pull, when push goes over the budget of bytes',
    of: { gaps, settings: { target: { ms: 60_000, share: 0.95 }, maxBytesPerDay: 25e6 } },
    verdict: 'pull',
    reasons: ['PULL_MEETS_TARGET', 'PUSH_OVER_BUDGET', 'PULL_FEWER_BYTES', 'EMPTY_POLLS']
  },
  {
    name: 'not conclusive, when neither is within the budgets',
    of: { gaps, settings: { maxBytesPerDay: 20e6 } },
    verdict: 'not-conclusive',
    reasons: [
      'NOTHING_MEETS_TARGET',
      'PULL_OVER_BUDGET',
      'PUSH_OVER_BUDGET',
      'PUSH_FEWER_BYTES',
      'EMPTY_POLLS'
    ]
  },
  {
    name: 'not conclusive, when push misses the target and the answer is too long under way',
    of: { gaps, push: missing, facts: { wayBackMs: 1000 } },
    verdict: 'not-conclusive',
    reasons: ['NOTHING_MEETS_TARGET', 'PULL_TOO_LATE', 'PUSH_MISSES_TARGET']
  },
  {
    name: 'not conclusive, when both can and the bytes of push are not known',
    of: { gaps, push: { bytesPerUpdate: null } },
    verdict: 'not-conclusive',
    reasons: ['PUSH_BYTES_UNKNOWN', 'PULL_MEETS_TARGET', 'PUSH_MEETS_TARGET', 'EMPTY_POLLS']
  },
  {
    name: 'not conclusive, when both can and the bytes of an empty poll are not known',
    of: { gaps, poll: { bytesEmpty: null } },
    verdict: 'not-conclusive',
    reasons: ['PULL_BYTES_UNKNOWN', 'PULL_MEETS_TARGET', 'PUSH_MEETS_TARGET', 'EMPTY_POLLS']
  },
  {
    name: 'not conclusive, when a flag spoils what it rests on',
    of: { gaps, facts: { spoiledBy: ['SATURATED'] } },
    verdict: 'not-conclusive',
    reasons: ['SPOILED', 'PUSH_FEWER_BYTES', 'PULL_MEETS_TARGET', 'PUSH_MEETS_TARGET', 'EMPTY_POLLS']
  },
  {
    name: 'not conclusive before the first gap',
    of: { gaps: [], facts: { push: null, poll: null, wayBackMs: null } },
    verdict: 'not-conclusive',
    reasons: ['NO_TRAFFIC', 'PUSH_NOT_MEASURED', 'PULL_NOT_MEASURED', 'PULL_MEETS_TARGET']
  },
  {
    name: 'not conclusive with an origin alone, but with a prediction',
    of: { gaps, facts: { push: null, poll: null, wayBackMs: null } },
    verdict: 'not-conclusive',
    reasons: ['PUSH_NOT_MEASURED', 'PULL_NOT_MEASURED', 'PULL_MEETS_TARGET', 'EMPTY_POLLS']
  },
  {
    name: 'not conclusive while fewer updates were pushed than the share needs',
    of: { gaps, push: { latencyMs: histogramOf(Array.from({ length: 71 }, () => 2)) } },
    verdict: 'not-conclusive',
    reasons: ['TOO_FEW_PUSHED', 'PUSH_FEWER_BYTES', 'PULL_MEETS_TARGET', 'PUSH_MEETS_TARGET', 'EMPTY_POLLS']
  },
  {
    name: 'not conclusive while there are too few gaps for a rate',
    of: { gaps: gaps.slice(0, 19) },
    verdict: 'not-conclusive',
    reasons: ['TOO_FEW_GAPS', 'PUSH_FEWER_BYTES', 'PULL_MEETS_TARGET', 'PUSH_MEETS_TARGET', 'EMPTY_POLLS']
  }
]

describe('the verdict', () => {
  for (const { name, of, verdict, reasons } of table)
    it(`is ${name}`, () => {
      const advice = decided(of)
      assert.equal(advice.verdict, verdict)
      assert.deepEqual(codesOf(advice.reasons), reasons)
    })

  it('gives the longest interval that meets the target, whichever side is advised', () => {
    const advice = decided({ gaps })
    assert.equal(advice.longestIntervalMs, LONGEST)
    assert.equal(advice.intervalMs, LONGEST)
  })

  it('advises no interval when the budgets allow none that meets the target', () => {
    const advice = decided({ gaps, settings: { clients: 100, maxRequestsPerSecond: 90 } })
    assert.equal(advice.intervalMs, null)
    assert.equal(advice.longestIntervalMs, LONGEST)
    assert.equal(advice.cheapestIntervalMs, 100_000 / 90)
  })

  it('finds the cheapest interval within a budget of bytes', () => {
    // from 1 s on every poll brings news: 660 B each
    const advice = decided({ gaps, settings: { maxBytesPerDay: 33e6 } })
    const expected = (DAY * 660) / 33e6
    assert.ok(Math.abs((advice.cheapestIntervalMs ?? 0) / expected - 1) < 1e-9)
  })

  it('allows no polling with a budget of nothing', () => {
    for (const settings of [{ maxRequestsPerSecond: 0 }, { maxBytesPerDay: 0 }]) {
      const advice = decided({ gaps, settings })
      assert.equal(advice.cheapestIntervalMs, 365 * DAY)
      assert.ok(codesOf(advice.reasons).includes('PULL_OVER_BUDGET'))
      assert.equal(advice.intervalMs, null)
    }
  })

  it('knows no cheapest interval without a budget, nor within one of bytes that are not known', () => {
    assert.equal(decided({ gaps }).cheapestIntervalMs, null)
    const unknown = { gaps, poll: { bytesEmpty: null }, settings: { maxBytesPerDay: 1 } }
    assert.equal(decided(unknown).cheapestIntervalMs, null)
  })

  describe('for an interval longer than the recording tells', () => {
    const short = everySecond.slice(0, 100)
    it('is given when it holds whatever share of the polls is empty', () => {
      // 100 s tell of intervals up to 5 s; every 631 s even 660 B each time is far below push
      const advice = decided({ gaps: short, settings: { target: { ms: 600_000, share: 0.95 } } })
      assert.equal(advice.verdict, 'pull')
    })

    it('is not given when it hangs on that share, and says how long to wait', () => {
      // gaps of 1 s and 19 s, polls every 10.5 s: 627 B in 10 s were all with news, 447 B with 45 % empty, against 310 B
      const advice = decided({
        gaps: Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? 1000 : 19_000)),
        settings: { target: { ms: 10_010, share: 0.95 } }
      })
      assert.equal(advice.verdict, 'not-conclusive')
      const [first] = advice.reasons
      assert.equal(first?.code, 'TOO_SHORT')
      assert.equal(first?.params.spanMs, 200_000)
      assert.ok(Math.abs(Number(first?.params.neededMs) - (20 * 10_000) / 0.95) < 1e-6)
    })
  })

  it('is in real time for replayed traffic: gaps, latency and way back count times the speed', () => {
    // 300 times faster: gaps of 1 s are 5 min, 2 ms of push 0.6 s, 10 ms of way back 3 s
    const replayed = { gaps, facts: { speed: 300 } }
    const advice = decided({ ...replayed, settings: { target: { ms: 300_000, share: 0.95 } } })
    assert.equal(advice.longestIntervalMs, 297_000 / 0.95)
    assert.equal(advice.verdict, 'push')
    assert.ok(Math.abs(Number(advice.reasons[0]?.params.pushBytesPerDay) - 288 * 310) < 1e-6)
    const tight = decided({ ...replayed, settings: { target: { ms: 500, share: 0.95 } } })
    assert.deepEqual(codesOf(tight.reasons), ['NOTHING_MEETS_TARGET', 'PULL_TOO_LATE', 'PUSH_MISSES_TARGET'])
  })
})
