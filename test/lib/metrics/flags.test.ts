import assert from 'node:assert/strict'
import { readDelivery } from '../../../lib/metrics/records.js'
import { noTotals, pollSettings, pushSettings, START, updateOf } from './simulation.js'
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

describe('the flags of figures that are not to be trusted', () => {
  const busyServer = { connections: 1, dropped: 0, refused: 0, expired: 0, cpuMs: null, updates: 0 }
  const server = (busyMs: number) => ({ ...busyServer, at: START + 1000, since: START, busyMs })

  it('tell that a paused source is paused and not silent; it keeps ageing', () => {
    const { generate, deliver, exchange, lane } = workbench({ isGone: () => null })
    deliver(generate(1, 0), 10, { ...pull, settings: pollSettings(100, 'latest'), totals: noTotals })
    exchange(20, {}, { kind: 'traffic', outcome: 'traffic', paused: true, settings: null })
    generate(2, 30)
    const paused = lane('poll', 60_000)
    assert.ok(codes(paused).includes('PAUSED'))
    assert.ok(!codes(paused).some(code => code === 'SILENT' || code === 'LANE_ENDED'))
    assert.deepEqual([paused.updates.pending, paused.ageMs.now], [1, 60_000])
    exchange(60_010, {}, { kind: 'traffic', outcome: 'traffic', settings: null })
    assert.ok(!codes(lane('poll')).includes('PAUSED'))
    exchange(60_020, {}, { kind: 'traffic', outcome: 'traffic', paused: true })
    // deployed again it runs
    deliver(generate(3, 61_000), 61_010, { ...pull, since: START + 60_500 })
    assert.ok(!codes(lane('poll')).includes('PAUSED'))
  })

  it('do not call a lane silent whose connection is known to be closed', () => {
    const { generate, deliver, lane } = workbench()
    deliver(generate(1, 0), 10, { totals: { ...noTotals, open: 0 } })
    generate(2, 100)
    assert.ok(!codes(lane('push', 20_000)).includes('SILENT'))
  })

  it('tell that a server, or the thread that measures, has too much to do', () => {
    for (const [busyMs, own, saturated] of [
      [690, 0.7, []],
      [710, null, ['server']],
      [0, 0.71, ['latencyDeliveredMs']]
    ] as const) {
      const { generate, deliver, lane } = workbench({ ownBusyShare: () => own })
      deliver(generate(1, 0), 10, { totals: noTotals, server: server(busyMs) })
      const found = lane('push').flags.filter(({ code }) => code === 'SATURATED')
      assert.equal(found.length, saturated.length)
      for (const path of saturated) assert.ok(found[0]?.spoils.includes(path))
    }
  })

  it('tell that polls leave late, and that the workload does', () => {
    for (const [lateMs, late] of [
      [90, false],
      [110, true]
    ] as const) {
      const { metrics, update, at, deliver, exchange, lane } = workbench()
      const settings = pollSettings(1000, 'latest')
      for (let sequence = 1; sequence <= 20; sequence += 1) {
        at(sequence * 1000)
        metrics.update(update(sequence, sequence * 1000, { dueAt: START + sequence * 1000 - lateMs }))
      }
      deliver(update(20, 20_000), 20_005, { ...pull, settings, totals: noTotals })
      for (let poll = 21; poll < 41; poll += 1)
        exchange(poll * 1000, {}, { settings, dueAt: START + poll * 1000 - lateMs })
      assert.equal(codes(lane('poll')).includes('SCHEDULE_LAG'), late)
      const [stream] = metrics.report().streams
      assert.equal(stream?.flags.some(({ code }) => code === 'SCHEDULE_LAG') ?? false, late)
    }
  })

  it('tell that the other clock is known too badly for latencies like these', () => {
    for (const [errorMs, bad] of [
      [9, false],
      [11, true]
    ] as const) {
      const { generate, deliver, exchange, lane } = workbench()
      deliver(generate(1, 0), 100, pull)
      exchange(101, {}, { clock: { offsetMs: 0, errorMs } })
      assert.equal(codes(lane('poll')).includes('CLOCK'), bad)
    }
  })

  it('tell that times are whole seconds or minutes where that matters', () => {
    for (const [unitMs, offsetMs, text] of [
      [1000, 0, /whole seconds/],
      [60_000, 0, /whole minutes/],
      [1000, 1, undefined]
    ] as const) {
      const { metrics, at, lane } = workbench()
      for (let index = 1; index <= 10; index += 1) {
        const instant = index * unitMs
        at(instant + 4000)
        const record = { model: 'push', source: 'push', id: `${index}`, since: START }
        metrics.delivery(
          readDelivery(
            { ...record, generatedAt: START + instant + offsetMs },
            't',
            START + instant + 4000,
            null
          )
        )
      }
      const found = lane('push').flags.find(({ code }) => code === 'TIME_RESOLUTION')
      if (text === undefined) assert.equal(found, undefined)
      else assert.match(found?.message ?? '', text)
    }
  })

  it('tell when push and pull are not measured on the same updates', () => {
    const { generate, deliver, lane } = workbench()
    deliver(generate(1, 0, { stream: 'one' }), 5)
    deliver(generate(1, 0, { stream: 'other', origin: 'other' }), 5, pull)
    assert.ok(codes(lane('push')).includes('UNEQUAL'))
    const second = { ...pull, source: 'third', sourceName: 'third' }
    deliver(generate(2, 10, { stream: 'one' }), 15, second)
    assert.ok(!codes(lane('push')).includes('UNEQUAL'))
  })
})

describe('a figure that cannot be known', () => {
  /** Not measured yet, or not a figure of this model. */
  const elsewhere =
    /^(outages|fleet|theory|clock|server|trigger|intervalMs|waitMs|qos|since|matchedBy|scheduleLagMs|previous|flags|.*\.ci95)/

  /** Paths of everything that is null. */
  function unknown(value: unknown, path = ''): string[] {
    if (value === null) return [path]
    if (typeof value !== 'object' || Array.isArray(value)) return []
    return Object.entries(value as object).flatMap(([key, inner]) =>
      unknown(inner, path ? `${path}.${key}` : key)
    )
  }

  for (const [name, records] of [
    [
      'alone, foreign, with times',
      [
        { id: 'a', generatedAt: START },
        { id: 'b', generatedAt: START + 5 }
      ]
    ],
    ['alone, foreign, without anything', [{}, {}]],
    [
      'of a log, foreign, without times',
      [
        { read: 'log', id: 'a' },
        { read: 'log', id: 'b' }
      ]
    ],
    [
      'that skipped updates of an origin that is not wired',
      [1, 5].map(sequence => ({ ...updateOf(sequence, START + sequence) }))
    ]
  ] as const)
    it(`is null, and a flag says why: a lane ${name}`, () => {
      const { metrics, at, lane } = workbench()
      for (const [index, record] of records.entries()) {
        at(10 + index)
        const facts = { model: 'pull', source: 'poll', sourceName: 'poll', since: START, ...record }
        metrics.delivery(readDelivery(facts, 't', START + 10 + index, null))
      }
      const found = lane('poll', 20_000)
      const spoilt = found.flags.flatMap(({ spoils }) => spoils)
      const unexplained = unknown(found).filter(
        path => !elsewhere.test(path) && !spoilt.some(part => path === part || path.startsWith(`${part}.`))
      )
      assert.deepEqual(unexplained, [])
    })
})
