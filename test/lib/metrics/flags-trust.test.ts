import assert from 'node:assert/strict'
import { readDelivery } from '../../../lib/metrics/records.js'
import { noTotals, pollSettings, START } from './simulation.js'
import { codes, pull, workbench } from './workbench.js'

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
