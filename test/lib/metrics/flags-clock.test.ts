import assert from 'node:assert/strict'
import type { ReportedDelivery } from '../../../lib/metrics/records.js'
import type { LaneReport } from '../../../lib/metrics/report.js'
import type { Ms } from '../../../lib/units.js'
import { noTotals, pushSettings, START } from './simulation.js'
import { pull, workbench } from './workbench.js'

const found = ({ flags }: Pick<LaneReport, 'flags'>, wanted: string) =>
  flags.find(({ code }) => code === wanted)

describe('a clock of another host', () => {
  /** A feed elsewhere stamps update n at n seconds by a clock that is `aheadMs` ahead; it comes 100 ms later. */
  function elsewhere(aheadMs: Ms, errorMs: Ms | null, more: Partial<ReportedDelivery> = {}) {
    const bench = workbench()
    const clock = errorMs === null ? {} : { clock: { offsetMs: aheadMs, errorMs } }
    for (let sequence = 1; sequence <= 20; sequence += 1) {
      const update = bench.update(sequence, sequence * 1000 + aheadMs)
      const since = START + 500
      bench.deliver(update, sequence * 1000 + 100, {
        ...pull,
        since,
        catchUp: update.generatedAt < since,
        ...clock,
        ...more
      })
    }
    return bench
  }

  it('that is known is taken out of every latency, age and window', () => {
    for (const aheadMs of [3_600_000, -3_600_000, 0]) {
      const { latencyMs, latencyDeliveredMs, ageMs, updates, flags } = elsewhere(aheadMs, 2).lane(
        'poll',
        20_300
      )
      assert.deepEqual([updates.delivered, updates.catchUp], [20, 0])
      for (const figure of [latencyMs, latencyDeliveredMs])
        assert.ok(Math.abs((figure?.mean ?? 0) - 100) < 1e-3)
      assert.ok(Math.abs((ageMs.now ?? 0) - 300) < 1e-3)
      assert.ok(!flags.some(({ code }) => code.startsWith('CLOCK')))
    }
  })

  it('that is known by one lane counts for all lanes of the stream', () => {
    const bench = elsewhere(-60_000, 2)
    bench.deliver(bench.update(21, 21_000 - 60_000), 21_005, { since: START + 20_500, catchUp: true })
    const pushed = bench.lane('push', 21_010)
    assert.equal(pushed.updates.catchUp, 0)
    assert.ok(Math.abs((pushed.latencyMs?.mean ?? 0) - 5) < 1e-3)
  })

  it('is not that of an origin which is wired in, whatever its feed is asked through', () => {
    const { generate, deliver, lane } = workbench()
    deliver(generate(1, 0), 10, { ...pull, clock: { offsetMs: 500, errorMs: 400 } })
    assert.deepEqual([lane('poll').latencyMs?.mean, found(lane('poll'), 'CLOCK')], [10, undefined])
  })

  it('is flagged by its error bound, over a tenth of the median', () => {
    for (const [errorMs, bad] of [
      [9, false],
      [11, true]
    ] as const) {
      const raised = found(elsewhere(5000, errorMs).lane('poll'), 'CLOCK')
      assert.equal(raised !== undefined, bad)
      if (bad) assert.deepEqual(raised?.params, { case: 'corrected', errorMs })
    }
  })

  it('of which only a Date is known corrects nothing, and is flagged by how far it may be off', () => {
    for (const [offsetMs, errorMs, bad] of [
      [0, 9, false],
      [0, 11, true],
      [-9, 2, true]
    ] as const) {
      const bench = elsewhere(0, null)
      bench.exchange(20_200, {}, { clock: { offsetMs, errorMs } })
      const lane = bench.lane('poll')
      assert.ok(Math.abs((lane.latencyMs?.mean ?? 0) - 100) < 1e-3)
      assert.equal(found(lane, 'CLOCK') !== undefined, bad)
      assert.equal(found(lane, 'CLOCK_UNKNOWN'), undefined)
    }
  })

  it('may make latencies negative: they are shown, never clipped', () => {
    const { latencyMs, latencyDeliveredMs } = elsewhere(300, null).lane('poll')
    assert.deepEqual([latencyMs?.min, latencyMs?.max], [-200, -200])
    assert.ok(Math.abs((latencyDeliveredMs?.mean ?? 0) + 200) < 1e-3)
  })

  it('of which nothing is known is flagged, unless it is the server’s in this process', () => {
    const server = {
      ...noTotals,
      at: START,
      since: START,
      busyMs: 0,
      cpuMs: 0,
      dropped: 0,
      refused: 0,
      expired: 0
    }
    const unknown = found(elsewhere(0, null).lane('poll'), 'CLOCK_UNKNOWN')
    assert.equal(unknown?.params.case, 'origin')
    assert.ok(unknown?.spoils.includes('latencyMs') && !unknown.spoils.includes('behindFirstMs'))
    const beside = elsewhere(0, null, { server, settings: pushSettings, totals: noTotals })
    assert.equal(found(beside.lane('poll'), 'CLOCK_UNKNOWN'), undefined)
    // a device may publish to our broker, too
    const device = elsewhere(0, null, { server, epoch: null, sequence: null, id: null })
    assert.ok(found(device.lane('poll'), 'CLOCK_UNKNOWN'))
    const same = elsewhere(0, null)
    same.exchange(20_200, {}, { clock: { offsetMs: 0, errorMs: 0 } })
    assert.equal(found(same.lane('poll'), 'CLOCK_UNKNOWN'), undefined)
  })

  it('may be that of a source elsewhere, whose updates are stamped here', () => {
    for (const [sinceKnown, flagged] of [
      [true, true],
      // made by a flow of this runtime
      [false, false]
    ] as const) {
      const { generate, deliver, lane } = workbench({ isGone: () => null })
      deliver(generate(1, 0), 10, { ...pull, sinceKnown })
      assert.equal(found(lane('poll'), 'CLOCK_UNKNOWN')?.params.case, flagged ? 'source' : undefined)
    }
  })
})

describe('a computer’s clock that is set', () => {
  it('is flagged once wall clock and our own are more than 50 ms apart, and spoils what foreign clocks stamped', () => {
    let step = 0
    const bench = workbench({ wall: () => bench.clock.now() + step })
    bench.deliver(bench.generate(1, 0), 10)
    bench.deliver(bench.update(1, 0, { stream: 'other' }), 20, { ...pull, stream: 'other' })
    const raised = () => bench.metrics.report().flags.filter(({ code }) => code === 'CLOCK_STEP')
    for (step of [0, 49, -49]) {
      assert.equal(raised().length, 0)
      assert.equal(found(bench.lane('poll'), 'CLOCK_STEP'), undefined)
    }
    for (step of [51, -7000]) {
      assert.deepEqual([raised()[0]?.params.stepMs, raised()[0]?.spoils], [step, []])
      assert.ok(found(bench.lane('poll'), 'CLOCK_STEP')?.spoils.includes('latencyMs'))
      // both of its stamps are by one clock that did not step
      assert.equal(found(bench.lane('push'), 'CLOCK_STEP'), undefined)
    }
  })
})

describe('a decision on updates that an unknown clock stamps', () => {
  it('rests on which lane had them first, and not on their times', () => {
    const bench = workbench()
    for (let sequence = 1; sequence <= 20; sequence += 1) {
      const update = bench.update(sequence, sequence * 1000 - 7000)
      bench.deliver(update, sequence * 1000, { since: START - 10_000 })
      bench.deliver(update, sequence * 1000 + 300, { ...pull, since: START - 10_000 })
    }
    const [facts] = bench.metrics.decisions().streams
    assert.equal(facts?.push?.lowerBound, true)
    assert.ok(!facts?.spoiledBy.includes('CLOCK_UNKNOWN'))
    assert.ok(facts?.push?.latencyMs && (facts.push.latencyMs.max ?? 1) < 1)
  })
})
