import assert from 'node:assert/strict'
import { deliveryOf, noTotals, pollSettings, pushSettings, START, updateOf } from './simulation.js'
import { codes, pull, workbench } from './workbench.js'

describe('the window of a lane', () => {
  it('starts when the warm-up ends; an update counts only if generated in it', () => {
    const { generate, deliver, lane } = workbench({ warmUpMs: 100 })
    const early = generate(1, 90)
    deliver(early, 120)
    deliver(generate(2, 130), 140)
    const { updates, latencyMs, ageMs } = lane('push', 150)
    assert.deepEqual([updates.generated, updates.delivered, latencyMs?.mean], [1, 1, 10])
    // the value held is carried in: ages 30 → 50, then 10 → 20
    assert.equal(ageMs.mean, (40 * 20 + 15 * 10) / 30)
  })

  it('starts with the first run of its source: what came before is no loss of its own', () => {
    const { generate, deliver, lane } = workbench()
    for (let sequence = 1; sequence <= 5; sequence += 1) generate(sequence, sequence * 10)
    deliver(generate(6, 200), 205, { since: START + 100 })
    assert.deepEqual([lane('push').updates.generated, lane('push').updates.lost], [1, 0])
  })

  it('starts anew at a reset; what is held stays held', () => {
    const { metrics, generate, deliver, exchange, lane, at } = workbench()
    deliver(generate(1, 10), 15)
    exchange(20, { requests: 4, updates: 1 })
    at(100)
    metrics.reset()
    deliver(generate(2, 110), 115)
    exchange(120, { requests: 6, updates: 2 })
    const { updates, ageMs } = lane('push', 130)
    assert.deepEqual([updates.generated, updates.delivered, updates.lost], [1, 1, 0])
    assert.ok(ageMs.mean !== null && ageMs.mean > 10)
    assert.equal(lane('poll').exchanges.requests, 2)
    assert.equal(metrics.report().startedAt, START + 100)
    assert.equal(metrics.report().streams[0]?.generated, 1)
  })

  it('continues over a deploy; what was generated between two runs counts nowhere', () => {
    const { generate, deliver, lane } = workbench()
    deliver(generate(1, 10), 15)
    generate(2, 20)
    generate(3, 30)
    deliver(generate(4, 60), 65, { since: START + 50 })
    assert.deepEqual(
      [lane('push').updates.generated, lane('push').updates.delivered, lane('push').updates.lost],
      [2, 2, 0]
    )
    assert.equal(lane('push').since, START + 50)
  })

  it('counts as lost what was generated before the last record of the earlier run and never came', () => {
    const { generate, deliver, lane } = workbench()
    generate(1, 10)
    deliver(generate(2, 11), 15)
    deliver(generate(3, 60), 65, { since: START + 50 })
    assert.deepEqual([lane('push').updates.generated, lane('push').updates.lost], [3, 1])
  })

  it('does not count as lost by a deploy what no poll had asked for yet, though a later tick was skipped', () => {
    const { generate, deliver, exchange, lane } = workbench()
    deliver(generate(1, 10), 15, pull)
    exchange(15, {}, { startedAt: START + 12 })
    generate(2, 20)
    exchange(30, {}, { outcome: 'skipped', updates: 0 })
    deliver(generate(3, 60), 65, { ...pull, since: START + 50 })
    const { delivered, lost, superseded } = lane('poll').updates
    assert.deepEqual([delivered, superseded, lost], [2, 0, 0])
  })

  it('begins anew when settings change, and keeps the last three figures under them', () => {
    const { generate, deliver, lane, metrics } = workbench()
    for (let run = 0; run < 6; run += 1) {
      const settings = pollSettings(1000 * (run + 1), 'latest')
      deliver(generate(run + 1, run * 100 + 10), run * 100 + 20 + run, {
        ...pull,
        settings,
        totals: noTotals
      })
    }
    const found = lane('poll')
    assert.deepEqual(
      found.previous.map(({ intervalMs, updates, latencyMs }) => [
        intervalMs,
        updates.delivered,
        latencyMs?.mean
      ]),
      [
        [3000, 0, undefined],
        [4000, 0, undefined],
        [5000, 0, undefined]
      ]
    )
    assert.ok(codes(found).includes('SETTINGS_CHANGED'))
    assert.ok(JSON.stringify(metrics.report()).length > 0)
  })

  it('keeps the figures of the earlier run when a deploy changed the settings', () => {
    const { generate, deliver, lane } = workbench()
    const first = { ...pull, settings: pollSettings(1000, 'latest'), totals: noTotals }
    deliver(generate(1, 10), 30, first)
    const second = { ...pull, settings: pollSettings(500, 'latest'), totals: noTotals, since: START + 100 }
    deliver(generate(2, 110), 150, second)
    const { latencyMs, previous, updates } = lane('poll')
    assert.deepEqual([latencyMs?.mean, updates.generated], [40, 1])
    assert.deepEqual([previous[0]?.latencyMs?.mean, previous[0]?.updates.generated], [20, 1])
  })
})

describe('the costs of a lane', () => {
  it('are differences of totals, so that a record lost on the way costs nothing', () => {
    const { exchange, lane } = workbench()
    exchange(10, { requests: 1, updates: 1, bytesSent: 100, bytesReceived: 300 })
    // the exchanges of three empty polls never came
    exchange(50, { requests: 5, empty: 3, updates: 2, bytesSent: 500, bytesReceived: 900, reconnects: 1 })
    const { exchanges, bytes, connections } = lane('poll')
    assert.deepEqual(
      [exchanges.requests, exchanges.empty, exchanges.emptyShare, exchanges.requestsPerUpdate],
      [5, 3, 0.6, 2.5]
    )
    assert.deepEqual(bytes, { sent: 500, received: 900, perUpdate: 700 })
    assert.deepEqual(connections, { open: 1, opened: 1, reconnects: 1 })
  })

  it('count from the first record seen when the source ran before', () => {
    const { exchange, lane } = workbench()
    const before = { since: START - 1e6 }
    exchange(10, { requests: 1000, updates: 500 }, before)
    exchange(20, { requests: 1003, updates: 501 }, before)
    assert.deepEqual([lane('poll').exchanges.requests, lane('poll').exchanges.requestsPerUpdate], [3, 3])
  })

  it('add up over runs that each begin at zero', () => {
    const { exchange, lane } = workbench()
    exchange(10, { requests: 5 })
    exchange(100, { requests: 2 }, { since: START + 90 })
    assert.equal(lane('poll').exchanges.requests, 7)
  })

  it('leave out what began before the window', () => {
    const { exchange, lane } = workbench({ warmUpMs: 100 })
    exchange(10, { requests: 1 })
    exchange(120, { requests: 2 }, { startedAt: START + 90 })
    exchange(200, { requests: 3 })
    assert.equal(lane('poll').exchanges.requests, 1)
  })

  it('come with deliveries alone when the second output is not wired', () => {
    const { generate, deliver, lane } = workbench()
    const totals = { ...noTotals, requests: 4, notModified: 3, updates: 1, bytesReceived: 900 }
    deliver(generate(1, 10), 20, { ...pull, settings: pollSettings(1000, 'latest'), totals })
    const found = lane('poll')
    assert.deepEqual(
      [found.exchanges.emptyShare, found.exchanges.requestsPerUpdate, found.bytes.perUpdate],
      [0.75, 4, 900]
    )
    assert.deepEqual(found.flags.find(({ code }) => code === 'EXCHANGES_NOT_WIRED')?.spoils, [
      'scheduleLagMs',
      'clock'
    ])
  })

  it('are null where nothing is known, and counted from hand-made exchanges', () => {
    const { generate, deliver, exchange, lane } = workbench()
    deliver(generate(1, 10), 20, pull)
    assert.deepEqual([lane('poll').exchanges.requests, lane('poll').bytes.sent], [null, null])
    exchange(30, {}, { totals: null, settings: null, outcome: 'empty' })
    exchange(40, {}, { totals: null, settings: null, outcome: 'error' })
    exchange(50, {}, { totals: null, settings: null, outcome: 'skipped' })
    const { exchanges } = lane('poll')
    assert.deepEqual(
      [exchanges.requests, exchanges.empty, exchanges.errors, exchanges.skipped, exchanges.emptyShare],
      [2, 1, 1, 1, 1]
    )
  })

  it('give the server’s busy share and CPU per update; null where the platform tells no CPU time', () => {
    const { exchange, lane } = workbench()
    const server = { since: START, connections: 1, dropped: 0, refused: 0, expired: 0 }
    const sample = (at: number, busyMs: number, cpuMs: number | null, updates: number) => ({
      server: { ...server, at: START + at, busyMs, cpuMs, updates }
    })
    exchange(100, {}, sample(100, 10, 8, 10))
    exchange(1100, {}, sample(1100, 110, 58, 60))
    assert.deepEqual(
      [lane('poll').server?.busyShare, lane('poll').server?.cpuMicrosPerUpdate],
      [110 / 1100, (58 / 60) * 1000]
    )
    exchange(2100, {}, sample(2100, 210, null, 100))
    assert.deepEqual([lane('poll').server?.busyShare, lane('poll').server?.cpuMicrosPerUpdate], [0.1, null])
  })

  it('leave a request that is still held out of the share of empty polls', () => {
    const { exchange, lane } = workbench()
    exchange(10, { requests: 1, empty: 1 }, { outcome: 'empty' })
    // the next long poll is out, and what it has sent is told as traffic
    exchange(1010, { requests: 2, empty: 1 }, { kind: 'traffic', outcome: 'traffic' })
    assert.deepEqual([lane('poll').exchanges.requests, lane('poll').exchanges.emptyShare], [2, 1])
    exchange(1020, { requests: 2, empty: 1, updates: 1 })
    assert.equal(lane('poll').exchanges.emptyShare, 0.5)
  })

  it('are shared by the streams of a wildcard, and a flag says so', () => {
    const { metrics, at, lane } = workbench()
    const wild = { model: 'push', source: 'w', sourceName: 'wild', kind: 'traffic' } as const
    const { exchange } = { exchange: metrics.exchange.bind(metrics) }
    const record = (requests: number, instant: number) => ({
      ...wild,
      id: '',
      stream: 'site/#',
      outcome: 'traffic' as const,
      dueAt: null,
      startedAt: START + instant,
      endedAt: START + instant,
      statusCode: null,
      code: null,
      updates: 0,
      bytesSent: 0,
      bytesReceived: 0,
      clock: null,
      since: START,
      sinceKnown: true,
      settings: pushSettings,
      totals: { ...noTotals, bytesReceived: requests },
      server: null
    })
    exchange(record(10, 0))
    assert.deepEqual(metrics.report().lanes, [])
    for (const [index, stream] of ['site/a', 'site/b'].entries()) {
      at(10 + index)
      const update = updateOf(1, START + 10 + index, { stream, origin: stream })
      metrics.delivery(deliveryOf(update, START + 10 + index, { ...wild, read: 'push' }))
    }
    at(20)
    exchange(record(500, 20))
    assert.deepEqual(
      metrics.report().lanes.map(({ name, stream, bytes }) => [name, stream, bytes.received]),
      [
        ['wild', 'site/a', 500],
        ['wild (2)', 'site/b', 500]
      ]
    )
    assert.ok(codes(lane('wild')).includes('COSTS_SHARED'))
  })
})
