import assert from 'node:assert/strict'
import { confidenceOf, type Interval, quantileRanks } from '../../../lib/stats/confidence.js'
import { Histogram } from '../../../lib/stats/histogram.js'
import { studentQuantile, TimeBatches } from '../../../lib/stats/time-batches.js'
import { exponential, seededRandom } from '../../../lib/workload/random.js'

type Record = (at: number, value: number, count?: number) => void
/** One run: records what a lane of this kind would; and what is true of it. */
interface Traffic {
  readonly run: (random: () => number, record: Record) => void
  readonly truth: { readonly mean: number; readonly p50: number; readonly p99: number }
}

const RUNS = 1000
const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
/** The value that a standard normal variable exceeds once in a hundred. */
const Z99 = 2.326348

/** Values that depend on the one before: log-normal around a first-order autoregression with this correlation. */
const autocorrelated = (correlation: number, spread: number, updates: number): Traffic => ({
  run(random, record) {
    let state = normal(random)
    let at = 0
    for (let update = 0; update < updates; update += 1) {
      at += exponential(100, random)
      state = correlation * state + Math.sqrt(1 - correlation ** 2) * normal(random)
      record(at, 20 * Math.exp(spread * state))
    }
  },
  truth: { mean: 20 * Math.exp(spread ** 2 / 2), p50: 20, p99: 20 * Math.exp(spread * Z99) }
})

/** Latest-value or log polling: every update counts with the poll that follows it. */
const polled = (burst: number, intervalMs: number, meanGapMs: number, updates: number): Traffic => ({
  run(random, record) {
    const phase = random() * intervalMs
    let at = 0
    for (let update = 0; update < updates; update += burst) {
      at += exponential(meanGapMs * burst, random)
      const poll = phase + Math.ceil((at - phase) / intervalMs) * intervalMs
      record(poll, poll - at, burst)
    }
  },
  truth: { mean: intervalMs / 2, p50: intervalMs / 2, p99: 0.99 * intervalMs }
})

const traffics: Readonly<{ [name: string]: Traffic }> = {
  'independent: exponential latencies of pushed updates': {
    run(random, record) {
      for (let update = 0, at = 0; update < 500; update += 1) {
        at += exponential(200, random)
        record(at, exponential(4, random))
      }
    },
    truth: { mean: 4, p50: 4 * Math.log(2), p99: 4 * Math.log(100) }
  },
  'autocorrelated a little': autocorrelated(0.3, 0.4, 800),
  'autocorrelated: a network whose delay wanders slowly': autocorrelated(0.9, 0.4, 10_000),
  'autocorrelated: a congestion that lasts for thirty updates': autocorrelated(0.97, 0.3, 6000),
  'the sawtooth of polling, several updates a poll': polled(1, 2000, 500, 600),
  'the sawtooth of polling, several polls an update': polled(1, 500, 2000, 500),
  'the sawtooth of polling, updates in bursts of ten': polled(10, 1000, 400, 6000)
}

describe('confidence intervals', () => {
  for (const [name, { run, truth }] of Object.entries(traffics))
    it(`hold the truth in at least 93 of 100 runs: ${name}`, function () {
      this.timeout(20_000)
      const held = { mean: 0, p50: 0, p99: 0 }
      const given = { mean: 0, p50: 0, p99: 0 }
      for (let seed = 1; seed <= RUNS; seed += 1) {
        const values = new Histogram()
        const batches = new TimeBatches()
        run(seededRandom(seed), (at, value, count = 1) => {
          values.record(value, count)
          batches.record(at, value, count)
        })
        const found = confidenceOf(values, batches)
        for (const figure of ['mean', 'p50', 'p99'] as const) {
          const interval = found[figure]
          if (interval === null) continue
          given[figure] += 1
          if (holds(interval, truth[figure])) held[figure] += 1
        }
      }
      const coverage = (figure: 'mean' | 'p50' | 'p99') => held[figure] / given[figure]
      assert.equal(given.mean, RUNS)
      for (const figure of ['mean', 'p50', 'p99'] as const)
        if (given[figure] > 0) assert.ok(coverage(figure) >= 0.93, `${figure}: ${coverage(figure)}`)
    })
})

const holds = ([low, high]: Interval, value: number): boolean => low <= value && value <= high

describe('order statistics', () => {
  it('need 6 values for the median, 368 for p99, 3688 for p99.9', () => {
    for (const [share, least] of [
      [0.5, 6],
      [0.99, 368],
      [0.999, 3688]
    ] as const) {
      assert.equal(quantileRanks(share, least - 1), null)
      assert.ok(quantileRanks(share, least))
    }
  })

  it('are those of the tables: 2 and 9 of 10, 40 and 61 of 100 for the median', () => {
    // W. J. Conover, Practical Nonparametric Statistics, 3.2
    assert.deepEqual(quantileRanks(0.5, 10), [2, 9])
    assert.deepEqual(quantileRanks(0.5, 100), [40, 61])
  })

  it('go over into the normal approximation without a step', () => {
    for (const share of [0.5, 0.99]) {
      const count = Math.floor(400 / (share * (1 - share)))
      const exact = quantileRanks(share, count)
      const normal = quantileRanks(share, count + 8)
      assert.ok(exact && normal)
      for (const side of [0, 1] as const) assert.ok(Math.abs(exact[side] + 8 * share - normal[side]) <= 2)
    }
  })

  it('take Student’s t from a series that is good from three degrees of freedom on', () => {
    for (const [freedom, table] of [
      [3, 3.1824],
      [5, 2.5706],
      [15, 2.1314],
      [63, 1.9983]
    ] as const)
      assert.ok(Math.abs(studentQuantile(freedom) / table - 1) < 0.005, `${freedom}`)
  })
})
