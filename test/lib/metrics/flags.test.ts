import assert from 'node:assert/strict'
import { noTotals, pollSettings, pushSettings, START } from './simulation.js'
import { codes, pull, workbench } from './workbench.js'

describe('the flags of a lane', () => {
  it('tell that a lane has ended, and its figures stop with its last record', () => {
    const gone = new Set<string>()
    const { generate, deliver, lane } = workbench({ isGone: source => gone.has(source) })
    deliver(generate(1, 0), 10)
    gone.add('push')
    generate(2, 5000)
    assert.ok(!codes(lane('push', 9000)).includes('LANE_ENDED'))
    const ended = lane('push', 20_000)
    assert.ok(codes(ended).includes('LANE_ENDED'))
    assert.deepEqual([ended.updates.pending, ended.ageMs.now], [0, 10])
  })

  it('give a source elsewhere three of its beats more: its interval, its hold or its keep-alive', () => {
    const held = { ...pollSettings(1000, 'latest'), intervalMs: null, waitMs: 30_000 }
    for (const [settings, patienceMs] of [
      [pollSettings(20_000, 'latest'), 70_000],
      [held, 100_000],
      [{ ...pollSettings(5000, 'latest'), trigger: 'adaptive' }, 190_000],
      [pushSettings, 55_000],
      [null, 100_000]
    ] as const) {
      const { generate, deliver, lane } = workbench({ isGone: () => null })
      deliver(generate(1, 0), 10, settings ? { settings, totals: noTotals } : {})
      assert.ok(!codes(lane('push', 10 + patienceMs)).includes('LANE_ENDED'))
      assert.ok(codes(lane('push', 11 + patienceMs)).includes('LANE_ENDED'))
    }
  })

  it('tell that a lane is silent while there are updates', () => {
    const { generate, deliver, lane } = workbench()
    deliver(generate(1, 0), 10)
    generate(2, 100)
    assert.ok(!codes(lane('push', 5000)).includes('SILENT'))
    assert.ok(codes(lane('push', 11_000)).includes('SILENT'))
  })

  it('tell that poll interval and period are commensurate, unless the polls jitter', () => {
    for (const [intervalMs, jitter, aliased] of [
      [2000, 0, true],
      [1500, 0, true],
      [1050, 0, false],
      [2000, 0.8, false]
    ] as const) {
      const { generate, deliver, exchange, lane } = workbench()
      const settings = pollSettings(intervalMs, 'latest')
      deliver(generate(1, 1000), 1005, { ...pull, settings, totals: noTotals })
      for (let index = 0; index < 20; index += 1)
        exchange(
          1100 + index,
          {},
          {
            settings,
            dueAt: START + index * intervalMs + (((index * 7) % 10) / 10) * jitter * intervalMs,
            outcome: 'empty'
          }
        )
      for (let sequence = 2; sequence <= 30; sequence += 1) generate(sequence, sequence * 1000)
      assert.equal(codes(lane('poll')).includes('ALIASING'), aliased, `${intervalMs} ms, jitter ${jitter}`)
    }
  })

  it('show as progress how many updates a percentile needs', () => {
    const { generate, deliver, lane } = workbench()
    deliver(generate(1, 0), 10)
    const few = lane('push').flags.find(({ code }) => code === 'TOO_FEW')
    assert.match(few?.message ?? '', /p99 after 368 updates.*; 1 so far/)
  })

  it('tell of TLS on one side only', () => {
    const { generate, deliver, lane } = workbench()
    const update = generate(1, 0)
    deliver(update, 5, { settings: { ...pushSettings, tls: true }, totals: noTotals })
    deliver(update, 9, { ...pull, settings: pollSettings(1000, 'latest'), totals: noTotals })
    assert.deepEqual(
      [codes(lane('push')).includes('UNEQUAL'), codes(lane('poll')).includes('UNEQUAL')],
      [true, true]
    )
  })

  it('tell of lanes whose figures began apart by more than one interval', () => {
    const { at, generate, deliver, lane } = workbench()
    const polled = { ...pull, settings: pollSettings(1000, 'latest'), totals: noTotals }
    deliver(generate(1, 2500), 2505, { since: START + 900 })
    deliver(generate(2, 2600), 2700, polled)
    assert.ok(!codes(lane('poll')).includes('UNEQUAL'))
    deliver(generate(3, 2800), 2900, { source: 'late', sourceName: 'late', since: START + 2000 })
    assert.match(
      lane('late').flags.find(({ code }) => code === 'UNEQUAL')?.message ?? '',
      /2\.0 s after those of poll/
    )
    // 20 times as long in common, and the start no longer matters
    at(40_000)
    assert.ok(codes(lane('late')).includes('UNEQUAL'))
    at(45_000)
    assert.ok(!codes(lane('late')).includes('UNEQUAL'))
  })

  it('count the lanes beyond a hundred', () => {
    const { generate, deliver, metrics } = workbench()
    const update = generate(1, 0)
    for (let index = 0; index < 103; index += 1)
      deliver(update, 1, { source: `s${index}`, sourceName: 'same' })
    const { lanes, flags } = metrics.report()
    assert.equal(new Set(lanes.map(({ name }) => name)).size, 100)
    assert.deepEqual([flags[0]?.code, /^3 more/.test(flags[0]?.message ?? '')], ['LANES_DROPPED', true])
  })

  it('count the lanes of streams beyond a thousand', () => {
    const { generate, deliver, metrics } = workbench()
    for (let index = 0; index < 1001; index += 1) generate(1, index, { stream: `s${index}` })
    deliver(generate(2, 2000, { stream: 's1000' }), 2001)
    deliver(generate(3, 2010, { stream: 's1000' }), 2011)
    deliver(generate(2, 3000, { stream: 's999' }), 3001)
    const { lanes, flags } = metrics.report()
    assert.deepEqual(
      lanes.map(({ stream }) => stream),
      ['s999']
    )
    assert.match(flags[0]?.message ?? '', /^1 more/)
  })
})
