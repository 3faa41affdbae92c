import assert from 'node:assert/strict'
import { readDelivery } from '../../../lib/metrics/records.js'
import type { FlagCode, Report } from '../../../lib/metrics/report.js'
import { arrivals, noTotals, pollSettings, pushSettings, START, simulate } from './simulation.js'
import { pull, workbench } from './workbench.js'

/** Every flag that a report raises, anywhere in it. */
const raised = ({ flags, streams, lanes }: Report): ReadonlySet<string> =>
  new Set([flags, ...[...streams, ...lanes].map(({ flags }) => flags)].flat().map(({ code }) => code))

type Bench = ReturnType<typeof workbench>
/** A payload of another system: what is known of it, and no more. */
const foreign = ({ metrics, at }: Bench, instant: number, facts: object) => {
  at(instant)
  const record = { model: 'push', source: 'push', since: START, ...facts }
  metrics.delivery(readDelivery(record, 'room', START + instant, null))
}
const server = {
  connections: 1,
  dropped: 0,
  refused: 0,
  expired: 0,
  updates: 0,
  at: START + 1000,
  since: START
}
const settings = pollSettings(1000, 'latest')

/** The least that goes wrong for each flag. */
const faults: Readonly<Record<FlagCode, (bench: Bench) => void>> = {
  ALIASING({ generate, deliver, exchange, at }) {
    deliver(generate(1, 1000), 1005, { ...pull, settings, totals: noTotals })
    for (let sequence = 2; sequence <= 30; sequence += 1) {
      generate(sequence, sequence * 1000)
      exchange(sequence * 1000 + 5, {}, { dueAt: START + sequence * 1000 + 5 })
    }
    at(31_000)
  },
  TOO_FEW: ({ generate, deliver }) => deliver(generate(1, 0), 10),
  SCHEDULE_LAG({ generate, deliver, exchange }) {
    deliver(generate(1, 0), 10, { ...pull, settings, totals: noTotals })
    for (let poll = 1; poll <= 20; poll += 1) exchange(poll * 1000 + 200, {}, { dueAt: START + poll * 1000 })
  },
  SATURATED: ({ generate, deliver }) =>
    deliver(generate(1, 0), 10, { totals: noTotals, server: { ...server, busyMs: 800, cpuMs: 800 } }),
  CLOCK: ({ update, deliver }) => deliver(update(1, 0), 10, { ...pull, clock: { offsetMs: 0, errorMs: 5 } }),
  CLOCK_STEP({ generate, deliver }) {
    wallStepMs = 3000
    deliver(generate(1, 0), 10)
  },
  CLOCK_UNKNOWN: ({ update, deliver }) => deliver(update(1, 0), 10),
  UNEQUAL({ generate, deliver }) {
    const update = generate(1, 0)
    deliver(update, 10, { settings: pushSettings, totals: noTotals })
    deliver(update, 10, { ...pull, settings: { ...settings, tls: true }, totals: noTotals })
  },
  ORIGIN_NOT_WIRED: ({ update, deliver }) => deliver(update(1, 0), 10),
  EXCHANGES_NOT_WIRED: ({ generate, deliver }) => deliver(generate(1, 0), 10),
  COSTS_SHARED({ generate, deliver }) {
    for (const stream of ['one', 'two']) deliver(generate(1, 0, { stream }), 10)
  },
  TRUTH_COARSE({ generate, deliver, update }) {
    deliver(generate(1, 1), 1)
    for (let sequence = 2; sequence <= 5000; sequence += 1) generate(sequence, sequence)
    deliver(update(5000, 5000), 5001)
  },
  NO_GROUND_TRUTH: bench =>
    foreign(bench, 10, { model: 'pull', source: 'poll', id: 'a', generatedAt: START + 5 }),
  FOREIGN_IDS: bench => foreign(bench, 10, { id: 'a' }),
  NO_GENERATION_TIME: bench => foreign(bench, 10, { id: 'a' }),
  TIME_ZONE_MISSING: bench => foreign(bench, 10, { generatedAt: START + 5, timeZoneMissing: true }),
  TIME_RESOLUTION(bench) {
    for (let second = 1; second <= 10; second += 1)
      foreign(bench, second * 1000 + 300, { id: `${second}`, generatedAt: START + second * 1000 })
  },
  LANE_ENDED({ generate, deliver, at }) {
    deliver(generate(1, 0), 10)
    gone = true
    at(60_000)
  },
  PAUSED({ generate, deliver, exchange }) {
    deliver(generate(1, 0), 10, { ...pull, settings, totals: noTotals })
    exchange(20, {}, { kind: 'traffic', outcome: 'traffic', paused: true })
  },
  SETTINGS_CHANGED({ generate, deliver }) {
    deliver(generate(1, 0), 10, { ...pull, settings, totals: noTotals })
    deliver(generate(2, 20), 30, { ...pull, settings: { ...settings, intervalMs: 500 }, totals: noTotals })
  },
  LANES_DROPPED({ generate, deliver }) {
    const update = generate(1, 0)
    for (let lane = 0; lane < 101; lane += 1)
      deliver(update, 10, { source: `s${lane}`, sourceName: `s${lane}` })
  },
  SILENT({ generate, deliver, at }) {
    deliver(generate(1, 0), 10)
    generate(2, 20)
    at(20_000)
  }
}
/** What the computer's own clock is ahead of ours; whether the sources are gone. */
let wallStepMs = 0
let gone = false

function reportOf(fault: (bench: Bench) => void): Report {
  wallStepMs = 0
  gone = false
  const bench: Bench = workbench({ isGone: () => gone, wall: () => bench.clock.now() + wallStepMs })
  fault(bench)
  return bench.metrics.report()
}

describe('every flag', () => {
  for (const [code, fault] of Object.entries(faults)) {
    it(`${code} is raised by what it is about`, () => {
      const report = reportOf(fault)
      assert.ok(raised(report).has(code), [...raised(report)].join(' '))
      const flags = [...report.flags, ...[...report.streams, ...report.lanes].flatMap(({ flags }) => flags)]
      for (const { message, remedy } of flags) {
        assert.match(message, /^\S.*\.$|so far\.$/)
        assert.match(remedy, /\.$/)
      }
    })
  }

  /** Both lanes see each of 4000 updates, second outputs wired, of an origin that is wired. */
  const clean = (bench: Bench) => {
    const times = arrivals.poisson(2, 4000, 9)
    for (const [index, time] of times.entries()) {
      const at = time - START
      const update = bench.generate(index + 1, at)
      const totals = { ...noTotals, requests: index + 1, updates: index + 1 }
      bench.deliver(update, at + 0.01, {
        settings: pushSettings,
        totals,
        server: { ...server, busyMs: 5, cpuMs: 5 }
      })
      bench.exchange(at + 0.01, totals, {
        model: 'push',
        source: 'push',
        sourceName: 'push',
        settings: pushSettings,
        kind: 'traffic',
        outcome: 'traffic'
      })
      bench.deliver(update, at + 0.02, { ...pull, settings, totals })
      bench.exchange(at + 0.02, totals, { dueAt: START + at + 0.01, clock: { offsetMs: 0, errorMs: 0 } })
    }
  }

  it('stays away from a clean run: not one is raised', () => {
    const report = reportOf(clean)
    assert.deepEqual([...raised(report)], [])
    assert.equal(report.lanes.length, 2)
    assert.ok(report.lanes.every(({ latencyMs }) => latencyMs?.count === 4000 && latencyMs.ci95.p99 !== null))
  })

  it('stays away from real polling of Poisson updates, too', () => {
    const times = arrivals.poisson(2, 4000, 9)
    const report = simulate({ times, delayMs: 4, intervalMs: 1000, wayBackMs: 20, phase: 0.37 }).report()
    const [polled] = report.lanes.filter(({ name }) => name === 'latest')
    assert.deepEqual(polled?.flags, [])
  })
})
