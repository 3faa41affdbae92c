import assert from 'node:assert/strict'
import { Gaps } from '../../../lib/theory/gaps.js'
import { COSTS, measureCosts, POLL_MS } from './decisions.js'
import { arrivals, deliveryOf, pollSettings, pushSettings, START, updateOf } from './simulation.js'
import { pull, workbench } from './workbench.js'

const near = (found: number | null | undefined, expected: number, share = 0.01) =>
  assert.ok(Math.abs((found ?? Number.NaN) / expected - 1) <= share, `${found} for ${expected}`)
const poisson = arrivals.poisson(2, 2000, 4)

describe('the facts of a decision', () => {
  const [facts] = measureCosts({ times: poisson, intervalMs: 500 }).decisions().streams

  it('are the gaps of the stream, and what each kind of poll and a push cost in this very run', () => {
    assert.ok(facts)
    assert.equal(facts.stream, 'updates')
    assert.equal(facts.speed, 1)
    assert.equal(facts.gaps.count, poisson.length - 1)
    assert.equal(facts.push?.bytesPerUpdate, COSTS.push)
    assert.equal(facts.poll?.bytesUpdated, COSTS.updated)
    assert.equal(facts.poll?.bytesEmpty, COSTS.empty)
    assert.equal(facts.push?.latencyMs?.count, poisson.length - 1)
    near(facts.wayBackMs, POLL_MS / 2)
  })

  it('are the CPU of the server for one request and for one update', () => {
    near(facts?.push?.cpuMicrosPerUpdate, COSTS.pushMicros)
    near(facts?.poll?.cpuMicrosPerRequest, COSTS.pollMicros)
  })

  it('leave the CPU of servers that do next to nothing open: it is spent on being there', () => {
    const [idle] = measureCosts({ times: poisson, intervalMs: 500, cpu: 0.2 }).decisions().streams
    assert.equal(idle?.push?.cpuMicrosPerUpdate, null)
    assert.equal(idle?.poll?.cpuMicrosPerRequest, null)
  })

  it('are not spoiled by what says nothing about them', () => {
    assert.deepEqual(facts?.spoiledBy, [])
  })

  it('are solved from the totals on deliveries while no exchange is wired, and the way back stays unknown', () => {
    const [blind] = measureCosts({ times: poisson, intervalMs: 500, without: ['exchanges'] }).decisions()
      .streams
    near(blind?.poll?.bytesUpdated, COSTS.updated, 1e-6)
    near(blind?.poll?.bytesEmpty, COSTS.empty, 1e-6)
    assert.equal(blind?.wayBackMs, null)
  })

  it('are null where the two costs cannot be told apart: every poll brings news', () => {
    const times = arrivals.periodic(100, 3000)
    const [blind] = measureCosts({ times, intervalMs: 500, without: ['exchanges'] }).decisions().streams
    assert.equal(blind?.poll?.bytesUpdated, null)
    assert.equal(blind?.poll?.bytesEmpty, null)
  })

  it('name the flag of the server that is saturated', () => {
    const metrics = measureCosts({
      times: poisson,
      intervalMs: 500,
      options: { ownBusyShare: () => 0.9 }
    })
    assert.deepEqual(metrics.decisions().streams[0]?.spoiledBy, ['SATURATED'])
    const { advice } = metrics.report()
    assert.equal(advice?.verdict, 'not-conclusive')
    assert.equal(advice?.reasons[0]?.params.flag, 'SATURATED')
  })

  it('are spoiled by TLS on one side only, not by lanes that began apart', () => {
    for (const [tls, apartMs, spoiledBy] of [
      [false, 30_000, []],
      [true, 0, ['UNEQUAL']]
    ] as const) {
      const bench = workbench()
      const since = START + apartMs
      bench.generate(1, 1000)
      bench.deliver(bench.update(1, 1000), 1002, { settings: pushSettings })
      const settings = { ...pollSettings(500, 'latest'), tls }
      bench.exchange(40_000, { requests: 1 }, { settings, since })
      bench.generate(2, 41_000)
      bench.deliver(bench.update(2, 41_000), 41_400, { ...pull, since, settings })
      const { lanes } = bench.metrics.report()
      assert.ok(
        lanes.some(({ flags }) => flags.some(({ code }) => code === 'UNEQUAL')),
        'no flag'
      )
      assert.deepEqual(bench.metrics.decisions().streams[0]?.spoiledBy, spoiledBy)
    }
  })

  it('are spoiled by a replay that is late all the time, not by traffic that was late, nor now and then', () => {
    for (const [speed, everyLate, spoiledBy] of [
      [1, 1, []],
      [10, 20, []],
      [10, 1, ['SCHEDULE_LAG']]
    ] as const) {
      const bench = workbench()
      for (let at = 1; at <= 100; at += 1) {
        const dueAt = START + at * 1000 - (at % everyLate === 0 ? 300 : 0)
        bench.generate(at, at * 1000, { dueAt, speed: speed === 1 ? null : speed })
      }
      assert.equal(bench.metrics.report().streams[0]?.flags[0]?.code, 'SCHEDULE_LAG')
      assert.deepEqual(bench.metrics.decisions().streams[0]?.spoiledBy, spoiledBy)
    }
  })

  it('are how far behind the first a push lane is, where nobody says when updates were generated', () => {
    const bench = workbench()
    for (let at = 1; at <= 100; at += 1)
      for (const [source, delay] of [
        ['first', 0],
        ['second', 30]
      ] as const) {
        const delivery = deliveryOf(updateOf(at, START), START + at * 1000 + delay, {
          source,
          sourceName: source,
          generatedAt: null,
          latencyMs: null,
          epoch: null,
          sequence: null,
          id: `own ${at}`
        })
        bench.at(at * 1000 + delay)
        bench.metrics.delivery(delivery)
      }
    const [facts] = bench.metrics.decisions().streams
    assert.equal(facts?.push?.lowerBound, true)
    assert.equal(facts?.gaps.count, 99)
    assert.ok(!facts?.spoiledBy.includes('NO_GENERATION_TIME'))
  })
})

describe('the advice of a report', () => {
  it('is that of the busiest stream, and stands with each stream', () => {
    const metrics = measureCosts({ times: poisson, intervalMs: 500 })
    for (let at = 1; at <= 3; at += 1)
      metrics.update(updateOf(at, (poisson.at(-1) ?? 0) + at, { stream: 'other', origin: 'other' }))
    const { advice, streams } = metrics.report()
    assert.equal(advice?.stream, 'updates')
    assert.deepEqual(
      streams.map(({ advice }) => advice?.stream),
      ['updates', 'other']
    )
    assert.equal(advice?.frontier.length, 50)
  })

  it('follows the target that a message sets', () => {
    const metrics = measureCosts({ times: poisson, intervalMs: 500 })
    assert.notEqual(metrics.report().advice?.verdict, 'pull')
    metrics.retarget({ ms: 60_000, share: 0.95 })
    assert.equal(metrics.report().advice?.verdict, 'pull')
    metrics.retarget({ ms: 100, share: 0.95 })
    assert.equal(metrics.report().advice?.verdict, 'push')
  })

  it('is for the planned clients and within the budgets', () => {
    const plans = { clients: 1000, maxRequestsPerSecond: 500, maxBytesPerDay: null }
    const { advice } = measureCosts({ times: poisson, intervalMs: 500, options: { plans } }).report()
    assert.equal(advice?.verdict, 'push')
    assert.equal(advice.cheapestIntervalMs, 2000)
    assert.equal(advice.breakEven.clients, Math.floor(500 * ((1 - POLL_MS / 2000) / 0.95)))
  })

  it('may be asked for without its frontier, or not at all', () => {
    const metrics = measureCosts({ times: poisson, intervalMs: 500 })
    assert.deepEqual(metrics.report(false, 'brief').advice?.frontier, [])
    assert.equal(metrics.report(false, 'none').advice, null)
  })

  it('is a prediction before anything is polled', () => {
    const { advice } = measureCosts({ times: poisson, intervalMs: 500, without: ['push', 'pull'] }).report()
    assert.equal(advice?.verdict, 'not-conclusive')
    assert.deepEqual(
      advice.reasons.slice(0, 2).map(({ code }) => code),
      ['PUSH_NOT_MEASURED', 'PULL_NOT_MEASURED']
    )
    const exact = Gaps.of(poisson.slice(1).map((time, at) => time - (poisson[at] ?? 0)))
    for (const { intervalMs, emptyShare } of advice.frontier)
      assert.ok(Math.abs(emptyShare - exact.quietShare(intervalMs)) < 0.005)
  })

  it('answers for earthquakes at ×300 in real minutes, after five minutes', () => {
    // polled every second, which is 5 minutes there
    const metrics = measureCosts({
      times: arrivals.earthquakes(300),
      speed: 300,
      intervalMs: 1000,
      until: 300_000,
      options: { targetMs: 300_000 }
    })
    const { advice } = metrics.report()
    // (300 s − 300 · 4 ms) / 0.95
    near(advice?.longestIntervalMs, (300_000 - 300 * 4) / 0.95, 1e-3)
    assert.equal(advice?.verdict, 'push')
    const twelveHours = 12 * 3_600_000
    metrics.retarget({ ms: twelveHours, share: 0.95 })
    const half = metrics.report().advice
    assert.equal(half?.verdict, 'pull')
    near(half?.intervalMs, twelveHours / 0.95, 1e-3)
  })
})
