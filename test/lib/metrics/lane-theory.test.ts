import assert from 'node:assert/strict'
import { CURVE_AT_MS } from '../../../lib/metrics/curves.js'
import type { DeliveryMetrics } from '../../../lib/metrics/delivery-metrics.js'
import type { LaneReport } from '../../../lib/metrics/report.js'
import { laneFlags } from '../../../lib/metrics/validity.js'
import { pollPoisson } from '../../../lib/theory/closed-forms.js'
import type { SourceSettings } from '../../../lib/update/exchange.js'
import { arrivals, pollSettings, pushSettings, simulate } from './simulation.js'
import { codes, laneFacts, pull, workbench } from './workbench.js'

const lanesOf = (metrics: DeliveryMetrics): Record<string, LaneReport> =>
  Object.fromEntries(metrics.report().lanes.map(lane => [lane.name, lane]))
const near = (found: number | null | undefined, expected: number, slack: number, what: string): void =>
  assert.ok(
    typeof found === 'number' && Math.abs(found - expected) <= slack,
    `${what}: expected ${expected} ± ${slack}, found ${found}`
  )

/** A pull lane polls ten times, a second apart, 20 ms each, and every poll brings an update. */
function polledBench(settings: SourceSettings) {
  const bench = workbench()
  for (let n = 1; n <= 10; n += 1) {
    const update = bench.generate(n, n * 1000)
    bench.deliver(update, n * 1000 + 320, { ...pull, read: settings.read, settings })
    bench.exchange(
      n * 1000 + 320,
      { requests: n, updates: n },
      { startedAt: bench.clock.now() - 20, settings }
    )
  }
  return bench
}

describe('the theory of a lane', () => {
  it('predicts polling from the gaps of its updates and half the duration of its polls', () => {
    const times = arrivals.poisson(2, 6000, 12)
    const scenario = { times, delayMs: 4, intervalMs: 1000, wayBackMs: 20, phase: 0.4 }
    const { latest, log, push } = lanesOf(simulate(scenario))
    // the simulated way there takes no time: half the duration is 10 ms
    const closed = pollPoisson(2 / 1000, { intervalMs: 1000, wayBackMs: 10 })
    const theory = latest?.theory ?? assert.fail('no theory')
    near(theory.plusMinus, 10, 0.1, 'plusMinus')
    near(theory.latencyMeanMs, closed.latencyMeanMs, 0.2, 'latency')
    near(theory.ageMeanMs, closed.ageMeanMs, 25, 'age')
    for (const key of ['emptyShare', 'supersededShare', 'freshShare'] as const)
      near(theory[key], closed[key], 0.01, key)
    near(theory.requestsPerUpdate, closed.requestsPerUpdate, 0.02, 'requests per update')
    near(latest?.latencyMs?.mean, theory.latencyMeanMs ?? 0, 25, 'measured latency')
    near(latest?.ageMs.mean, theory.ageMeanMs ?? 0, 25, 'measured age')
    assert.equal(log?.theory?.supersededShare, 0)
    near(log?.exchanges.requestsPerUpdate, log?.theory?.requestsPerUpdate ?? 0, 0.01, 'requests, log')
    // of push it predicts age and freshness, from the delay that was measured
    const pushed = push?.theory ?? assert.fail('no theory of push')
    near(push?.ageMs.mean, pushed.ageMeanMs ?? 0, 10, 'age of push')
    near(push?.freshShare, pushed.freshShare ?? 0, 0.001, 'fresh share of push')
    assert.deepEqual([pushed.latencyMeanMs, pushed.emptyShare, pushed.requestsPerUpdate], [null, null, null])
    near(pushed.plusMinus, 0, 1e-6, 'a constant delay')
  })

  it('draws the predicted distribution beside the measured one', () => {
    const times = arrivals.poisson(2, 6000, 13)
    const metrics = simulate({ times, delayMs: 4, intervalMs: 1000, wayBackMs: 20, phase: 0.4 })
    const { lanes } = metrics.curves()
    const latest = lanes.find(({ source }) => source === 'latest')
    assert.equal(latest?.theory?.length, CURVE_AT_MS.length)
    for (const [index, share] of (latest?.all ?? []).entries())
      near(latest?.theory?.[index], share, 0.03, `share at ${CURVE_AT_MS[index]} ms`)
    assert.equal(lanes.find(({ source }) => source === 'push')?.theory, null)
  })

  it('says nothing on demand, without exchanges, without settings, and before the second gap', () => {
    const interval = pollSettings(1000, 'latest')
    assert.notEqual(polledBench(interval).lane('poll').theory, null)
    assert.equal(polledBench({ ...interval, trigger: 'input' }).lane('poll').theory, null)
    assert.equal(polledBench({ ...interval, trigger: null }).lane('poll').theory, null)
    const unwired = workbench()
    const young = workbench()
    for (let n = 1; n <= 10; n += 1)
      unwired.deliver(unwired.generate(n, n * 1000), n * 1000 + 5, { ...pull, settings: interval })
    assert.equal(unwired.lane('poll').theory, null)
    young.deliver(young.generate(1, 1000), 1005, { settings: pushSettings })
    young.deliver(young.generate(2, 2000), 2005)
    assert.equal(young.lane('push').theory, null)
    young.deliver(young.generate(3, 3000), 3005)
    assert.deepEqual(young.lane('push').theory?.ageMeanMs, 505)
  })

  it('begins anew with other settings, and uses only the gaps since', () => {
    const bench = polledBench(pollSettings(1000, 'latest'))
    bench.exchange(11_000, { requests: 11 }, { settings: pollSettings(4000, 'latest') })
    assert.equal(bench.lane('poll').theory, null)
    for (let n = 12; n <= 20; n += 1) bench.generate(n, 12_000 + (n - 12) * 250)
    bench.exchange(
      15_000,
      { requests: 12 },
      { startedAt: bench.clock.now(), settings: pollSettings(4000, 'latest') }
    )
    const { theory } = bench.lane('poll')
    assert.equal(theory?.emptyShare, 0)
    near(theory?.supersededShare, 1 - 250 / 4000, 1e-9, 'superseded')
  })

  it('replays long polling: found at once after a turn, else as soon as it is there', () => {
    const settings: SourceSettings = {
      ...pollSettings(1000, 'log'),
      trigger: 'long-poll',
      intervalMs: null,
      waitMs: 30_000
    }
    const bench = polledBench(settings)
    const { theory } = bench.lane('poll')
    // each poll found an update older than itself: unheld, 20 ms there and back, 980 ms after the one before
    near(theory?.plusMinus, 10, 0.1, 'way back')
    near(theory?.latencyMeanMs, 10 + 20, 35, 'latency')
    assert.equal(theory?.emptyShare, 0)
    const [curve] = bench.metrics.curves().lanes.filter(({ model }) => model === 'pull')
    assert.equal(curve?.theory?.at(-1), 1)
  })

  it('replays adaptive polling within its bounds, which its settings tell', () => {
    const adaptive: SourceSettings = { ...pollSettings(1000, 'latest'), trigger: 'adaptive' }
    assert.equal(polledBench(adaptive).lane('poll').theory, null)
    const bounded = { ...adaptive, minIntervalMs: 1000, maxIntervalMs: 1000 }
    const { theory } = polledBench(bounded).lane('poll')
    near(theory?.latencyMeanMs, 510, 150, 'latency')
    near(theory?.requestsPerUpdate, 1, 0.15, 'requests per update')
    near(theory?.plusMinus, 10, 0.1, 'way back')
  })

  it('is doubted while the updates seen cover less than 20 intervals', () => {
    const doubts = (sum: number, predicted = true) =>
      laneFlags(
        laneFacts({ model: 'pull', predicted, intervalMs: 1000, gaps: { count: 5, sum, sumSquares: 0 } })
      )
    assert.deepEqual(
      doubts(19_999).map(({ code, spoils, params }) => [code, spoils, params.case]),
      [['TOO_FEW', ['theory'], 'theory']]
    )
    assert.deepEqual(doubts(20_000), [])
    assert.deepEqual(doubts(19_999, false), [])
    const flags = polledBench(pollSettings(1000, 'latest')).lane('poll')
    assert.equal(codes(flags).filter(code => code === 'TOO_FEW').length, 2)
  })

  it('does not take the first poll, which is before the phase of the others, for jitter', () => {
    const bench = workbench()
    for (const [index, due] of [400, 1100, 2100, 3100].entries()) {
      bench.at(due)
      bench.metrics.update(bench.update(index + 1, due))
      const dueAt = bench.clock.now()
      bench.exchange(due + 20, { requests: index + 1 }, { dueAt, startedAt: dueAt })
    }
    near(bench.lane('poll').theory?.latencyMeanMs, 510, 0.2, 'latency')
  })
})
