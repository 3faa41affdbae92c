import assert from 'node:assert/strict'
import {
  longPollPoisson,
  pollPeriodic,
  pollPoisson,
  pushAgePeriodic,
  pushAgePoisson,
  sleepAfterAnswer,
  waitWithLoss
} from '../../../lib/theory/closed-forms.js'
import { Gaps } from '../../../lib/theory/gaps.js'
import { replayLongPoll } from '../../../lib/theory/long-poll.js'
import { predictPoll } from '../../../lib/theory/poll.js'
import { lossAgeMs, predictPush } from '../../../lib/theory/push.js'
import { ageInMD1, ageInMM1, herdWaitMs, scatteredWaitMs } from '../../../lib/theory/queues.js'
import { seededRandom } from '../../helpers/random.js'
import { agrees, gapsOf } from './brute.js'

const near = (found: number, expected: number, slack: number, what: string): void =>
  assert.ok(
    Math.abs(found - expected) <= Math.abs(expected) * slack,
    `${what}: expected ${expected}, found ${found}`
  )

/** Gaps at the middles of strips of equal probability: a Poisson process without chance. */
const exponential = (mean: number, count: number): number[] =>
  Array.from({ length: count }, (_, strip) => -mean * Math.log((strip + 0.5) / count))
function poissonTimes(mean: number, count: number, seed: number): number[] {
  const random = seededRandom(seed)
  let at = 0
  return Array.from({ length: count }, () => {
    at -= mean * Math.log(1 - random())
    return at
  })
}

describe('the closed forms', () => {
  it('of Poisson updates are what their gaps predict', () => {
    const gaps = Gaps.of(exponential(500, 20_000))
    for (const intervalMs of [1, 50, 500, 1234, 5000]) {
      const rule = { intervalMs, wayBackMs: 30 }
      agrees(
        predictPoll(gaps, { ...rule, read: 'latest' }),
        pollPoisson(1 / 500, rule),
        0.002,
        0.001,
        `T ${intervalMs}`
      )
    }
  })

  it('of periodic updates are what their gaps predict', () => {
    const gaps = Gaps.of(new Array(100).fill(1000))
    for (const intervalMs of [0, 1, 300, 999, 1000, 1618, 9000]) {
      const rule = { intervalMs, wayBackMs: 30 }
      agrees(
        predictPoll(gaps, { ...rule, read: 'latest' }),
        pollPeriodic(1000, rule),
        1e-9,
        1e-9,
        `T ${intervalMs}`
      )
    }
    near(
      pollPeriodic(1000, { intervalMs: 300, wayBackMs: 30 }).freshShare,
      1 - (150 + 30) / 1000,
      1e-12,
      'fresh'
    )
  })

  it('have their limits at a rate of 0 and an interval of 0, and no step on the way there', () => {
    const rule = { intervalMs: 1000, wayBackMs: 20 }
    const none = pollPoisson(0, rule)
    assert.deepEqual(
      [
        none.latencyMeanMs,
        none.latencyDeliveredMs,
        none.freshShare,
        none.emptyShare,
        none.supersededShare,
        none.versionsBehind
      ],
      [520, 520, 1, 1, 0, 0]
    )
    assert.deepEqual(
      [none.ageMeanMs, none.requestsPerUpdate],
      [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
    )
    const zero = pollPoisson(0.001, { intervalMs: 0, wayBackMs: 20 })
    assert.deepEqual([zero.latencyDeliveredMs, zero.supersededShare, zero.emptyShare], [20, 0, 1])
    for (const edge of [1e-4, 1e-8]) {
      const [below, above] = [0.999999, 1.000001].map(factor => pollPoisson((edge * factor) / 1000, rule))
      if (below === undefined || above === undefined) assert.fail()
      for (const key of ['latencyDeliveredMs', 'freshShare', 'supersededShare'] as const)
        near(above[key], below[key], 1e-5, `${key} at ${edge}`)
    }
    const idle = longPollPoisson(0, { turnMs: 10, holdMs: 90, wayBackMs: 2 })
    assert.deepEqual([idle.latencyMeanMs, idle.emptyShare], [2 + 100 / 200, 1])
    near(
      longPollPoisson(1e-12, { turnMs: 10, holdMs: 90, wayBackMs: 2 }).latencyMeanMs,
      2.5,
      1e-9,
      'long poll'
    )
    assert.equal(longPollPoisson(0, { turnMs: 0, holdMs: 0, wayBackMs: 2 }).latencyMeanMs, 2)
    near(
      longPollPoisson(0.01, { turnMs: 1000, holdMs: 0, wayBackMs: 0 }).latencyMeanMs,
      500,
      1e-9,
      'no hold is polling'
    )
  })

  it('of long polling are what the replay gives', () => {
    const times = poissonTimes(1000, 60_000, 3)
    for (const [turnMs, holdMs] of [
      [20, 30_000],
      [600, 900],
      [3000, 500]
    ] as const) {
      const closed = longPollPoisson(1 / 1000, { turnMs, holdMs, wayBackMs: 10 })
      const log = replayLongPoll(times, { turnMs, holdMs, wayBackMs: 10, read: 'log' }).predict()
      const latest = replayLongPoll(times, { turnMs, holdMs, wayBackMs: 10, read: 'latest' }).predict()
      near(log.latencyMeanMs, closed.latencyMeanMs, 0.02, 'latency')
      near(log.requestsPerUpdate, closed.requestsPerGenerated, 0.02, 'requests, log')
      near(latest.requestsPerUpdate, closed.requestsPerDelivered, 0.02, 'requests, latest')
      assert.ok(Math.abs(log.emptyShare - closed.emptyShare) < 0.01)
    }
  })

  it('of push with loss are what a lossy channel gives', () => {
    const lossShare = 0.3
    const random = seededRandom(5)
    for (const times of [poissonTimes(1000, 60_000, 9), Array.from({ length: 60_000 }, (_, n) => n * 1000)]) {
      const gaps = Gaps.of(gapsOf(times))
      let [age, fresh, late, held, heldAt] = [0, 0, 0, times[0] ?? 0, times[0] ?? 0]
      let missed: number[] = []
      let freshUntil: number | null = null
      for (const at of times.slice(1)) {
        freshUntil ??= at
        missed.push(at)
        if (random() < lossShare) continue
        age += ((heldAt - held + (at - held)) / 2) * (at - heldAt)
        fresh += freshUntil - heldAt
        for (const generated of missed) late += at - generated
        ;[held, heldAt, missed, freshUntil] = [at, at, [], null]
      }
      const elapsed = heldAt - (times[0] ?? 0)
      const found = predictPush(gaps, { delayMs: 0, lossShare })
      near(found.ageMeanMs, age / elapsed, 0.02, 'age')
      near(found.freshShare, fresh / elapsed, 0.02, 'fresh share')
      near(found.latencyMeanMs, late / times.length, 0.02, 'latency')
      near(found.versionsBehind, late / elapsed, 0.02, 'versions behind')
    }
    near(
      pushAgePoisson(0.001, 5, 0.3),
      predictPush(Gaps.of(exponential(1000, 20_000)), { delayMs: 5, lossShare }).ageMeanMs,
      0.002,
      'Poisson'
    )
    near(
      pushAgePeriodic(1000, 5, 0.3),
      predictPush(Gaps.of([1000, 1000]), { delayMs: 5, lossShare }).ageMeanMs,
      1e-12,
      'periodic'
    )
    // bursts of ten: only the loss of a whole burst adds to the age
    const bursts = Array.from({ length: 1000 }, (_, n) => (n % 10 === 9 ? 1000 : 0))
    near(lossAgeMs(bursts, 0.3), (1000 * 0.3 ** 10) / (1 - 0.3 ** 10), 0.02, 'bursts')
    near(lossAgeMs(new Array(5000).fill(100), 0.3), (100 * 0.3) / 0.7, 0.001, 'periodic')
    assert.equal(waitWithLoss(1000, 0), 500)
    assert.equal(sleepAfterAnswer(1000, 30), 1030)
  })

  it('of queues are what their simulation gives', () => {
    const random = seededRandom(11)
    const draw = (mean: number): number => -mean * Math.log(1 - random())
    const serviceMs = 10
    for (const load of [0.3, 0.8])
      for (const [age, service] of [
        [ageInMM1(serviceMs, load), () => draw(serviceMs)],
        [ageInMD1(serviceMs, load), () => serviceMs]
      ] as const) {
        let [arrived, left, held, area, since] = [0, 0, 0, 0, 0]
        for (let n = 0; n < 200_000; n += 1) {
          arrived += draw(serviceMs / load)
          left = Math.max(left, arrived) + service()
          area += ((since - held + (left - held)) / 2) * (left - since)
          ;[held, since] = [arrived, left]
        }
        near(age, area / since, 0.03, `load ${load}`)
      }
  })

  it('of a herd: all at once wait for half of it, spread polls hardly at all', () => {
    assert.equal(herdWaitMs(101, 4), 200)
    assert.equal(herdWaitMs(1, 4), 0)
    assert.equal(scatteredWaitMs(0.5, 4), 2)
  })
})
