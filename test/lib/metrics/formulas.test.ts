import assert from 'node:assert/strict'
import type { DeliveryMetrics } from '../../../lib/metrics/delivery-metrics.js'
import type { LaneReport } from '../../../lib/metrics/report.js'
import type { EpochMs, Ms } from '../../../lib/units.js'
import { arrivals, simulate } from './simulation.js'

const lanesOf = (metrics: DeliveryMetrics): Record<string, LaneReport> =>
  Object.fromEntries(metrics.report().lanes.map(lane => [lane.name, lane]))

/** What MEASURING U1–U8 say about polling these updates. */
function predicted(times: readonly EpochMs[], intervalMs: Ms, wayBackMs: Ms, delayMs: Ms) {
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0))
  const total = gaps.reduce((sum, gap) => sum + gap, 0)
  const sum = (of: (gap: number) => number) => gaps.reduce((all, gap) => all + of(gap), 0)
  const above = (value: number) => Math.max(0, value)
  const F = (u: number) => sum(gap => above(gap - u)) / total
  return {
    empty: 1 - sum(gap => Math.min(gap, intervalMs)) / total,
    superseded: sum(gap => above(1 - gap / intervalMs)) / gaps.length,
    requestsPerUpdate: 1 / (1 - F(intervalMs)),
    latency: intervalMs / 2 + wayBackMs,
    age: sum(gap => gap * gap) / (2 * total) + intervalMs / 2 + wayBackMs,
    fresh:
      sum(gap => above(gap - wayBackMs) ** 2 - above(gap - wayBackMs - intervalMs) ** 2) /
      (2 * total * intervalMs),
    behind: (gaps.length / total) * (intervalMs / 2 + wayBackMs),
    delivered:
      sum(gap => Math.min(gap, intervalMs) ** 2) / (2 * sum(gap => Math.min(gap, intervalMs))) + wayBackMs,
    pushAge: sum(gap => gap * gap) / (2 * total) + delayMs,
    pushFresh: F(delayMs),
    ratePerMs: gaps.length / total
  }
}

function within(found: number | null | undefined, expected: number, slack: number, what: string): void {
  const good = typeof found === 'number' && Math.abs(found - expected) <= slack
  assert.ok(good, `${what}: expected ${expected} ± ${slack}, found ${found}`)
}
const near = (found: number | null | undefined, expected: number, share: number, what: string) =>
  within(found, expected, Math.abs(expected) * share, what)

const traffic: [string, readonly EpochMs[], Ms, number][] = [
  ['Poisson updates, one a second, polled every 2 s', arrivals.poisson(1, 6000, 3), 2000, 0.03],
  ['Poisson updates, ten a second, polled every 0.5 s', arrivals.poisson(10, 8000, 4), 500, 0.03],
  ['periodic updates, polled at an incommensurate interval', arrivals.periodic(1000, 4000), 1618.034, 0.03],
  ['a week of earthquakes at ×300, polled every second', arrivals.earthquakes(300), 1000, 0.06]
]

describe('measured figures against the formulas of MEASURING', () => {
  for (const [name, times, intervalMs, slack] of traffic)
    it(`agree for ${name}`, () => {
      const [wayBackMs, delayMs] = [20, 4]
      const expected = predicted(times, intervalMs, wayBackMs, delayMs)
      const { push, latest, log } = lanesOf(
        simulate({ times, delayMs, intervalMs, wayBackMs, phase: 0.37 })
      ) as Record<'push' | 'latest' | 'log', LaneReport>
      within(latest.exchanges.emptyShare, expected.empty, 0.015, 'U1 empty share')
      const superseded = (latest.updates.superseded ?? 0) / (latest.updates.generated ?? 1)
      within(superseded, expected.superseded, 0.015, 'U2 superseded share')
      near(latest.exchanges.requestsPerUpdate, expected.requestsPerUpdate, slack, 'U3 requests per update')
      near(latest.latencyMs?.mean, expected.latency, slack, 'U4 mean latency')
      near(latest.latencyMs?.p50, expected.latency, slack * 1.5, 'P1 median')
      near(latest.latencyMs?.p99, 0.99 * intervalMs + wayBackMs, slack, 'P1 p99')
      near(latest.ageMs.mean, expected.age, slack, 'U5 age')
      within(latest.freshShare, expected.fresh, 0.015, 'U6 fresh share')
      near(latest.versionsBehind, expected.behind, slack, 'U7 versions behind')
      near(latest.latencyDeliveredMs?.mean, expected.delivered, slack, 'U8 latency, delivered only')
      near(log.latencyMs?.mean, expected.latency, slack, 'U4 log')
      near(log.ageMs.mean, expected.age, slack, 'U5 log')
      within(log.freshShare, expected.fresh, 0.015, 'U6 log')
      near(log.exchanges.requestsPerUpdate, 1 / (expected.ratePerMs * intervalMs), slack, 'log requests')
      assert.deepEqual([log.updates.superseded, log.updates.lost], [0, 0])
      near(push.latencyMs?.mean, delayMs, 0.001, 'push latency')
      near(push.ageMs.mean, expected.pushAge, slack, 'push age')
      near(push.freshShare, expected.pushFresh, 0.001, 'push fresh')
      within(latest.targetShare, Math.min(1, (1000 - wayBackMs) / intervalMs), 0.02, 'P10 target share')
      for (const { updates } of [push, latest, log])
        assert.equal(
          updates.generated,
          updates.delivered + (updates.superseded ?? 0) + (updates.lost ?? 0) + (updates.pending ?? 0)
        )
      assert.equal(push.updates.generated, times.length)
      assert.equal(latest.updates.generated, times.length)
    })

  const times = arrivals.poisson(2, 3000, 5)
  const scenario = { times, delayMs: 4, intervalMs: 1000, wayBackMs: 20, phase: 0.2 }
  const figures = (metrics: DeliveryMetrics) =>
    metrics.report().lanes.map(lane => {
      // the last update is known or not: one gap more or less
      const { flags, updates, theory, ...rest } = lane
      return [rest, { ...updates, pending: null, generated: null }]
    })

  it('are the same when the truth comes after the deliveries', () => {
    const early = simulate(scenario)
    const late = simulate({ ...scenario, truthDelayMs: 7 })
    assert.deepEqual(round(figures(late)), round(figures(early)))
  })

  it('are the same without the origin while the push lane delivers every update', () => {
    const wired = simulate(scenario)
    const union = simulate({ ...scenario, originWired: false })
    assert.deepEqual(round(figures(union)), round(figures(wired)))
    assert.ok(union.report().lanes.every(lane => lane.flags.some(({ code }) => code === 'ORIGIN_NOT_WIRED')))
  })
})

/** Sums in another order differ in the last digits; the last update may be pending or not. */
function round(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_key, inner: unknown) =>
      typeof inner === 'number' && !Number.isInteger(inner) ? Number(inner.toPrecision(4)) : inner
    )
  )
}
