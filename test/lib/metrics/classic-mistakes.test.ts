import assert from 'node:assert/strict'
import { AgeMeter } from '../../../lib/stats/age-meter.js'
import { Histogram } from '../../../lib/stats/histogram.js'
import { openLab } from '../poll/lab.js'
import { openSite } from '../poll/site.js'
import { arrivals, noTotals, pollSettings, START, simulate } from './simulation.js'
import { pull, workbench } from './workbench.js'

const close = (found: number | null | undefined, expected: number, slack: number) =>
  assert.ok(Math.abs((found ?? Number.NaN) - expected) <= slack, `${found} for ${expected}`)

/** Each test fails when the mistake that it is named after is made (planted once to see that it does). */
describe('the classic mistake of comparing push with pull', () => {
  it('to report the latency of delivered updates as that of all: polling looks twice as fast', () => {
    const scenario = { delayMs: 4, intervalMs: 2000, wayBackMs: 20, phase: 0.37 }
    const { lanes } = simulate({ ...scenario, times: arrivals.poisson(5, 5000, 3) }).report()
    const latest = lanes.find(({ name }) => name === 'latest')
    close(latest?.latencyMs?.mean, 1020, 30)
    close(latest?.latencyDeliveredMs?.mean, 220, 20)
    const { generated, pending } = latest?.updates ?? assert.fail()
    assert.equal(latest?.latencyMs?.count, (generated ?? 0) - (pending ?? 0))
  })

  it('to omit what a stalled poller did not see: coordinated omission', () => {
    const { generate, deliver, lane } = workbench({ targetMs: 1000 })
    // 100 polls of 10 ms each, then one that hangs for 10 s while updates go on
    for (let sequence = 1; sequence <= 100; sequence += 1)
      deliver(generate(sequence, sequence * 100), sequence * 100 + 10, pull)
    for (let sequence = 101; sequence <= 200; sequence += 1) generate(sequence, sequence * 100)
    // before the poll comes back the lane cannot hide either
    const stalled = lane('poll', 20_000)
    assert.equal(stalled.updates.pending, 100)
    close(stalled.targetShare, 100 / (100 + 90), 0.01)
    deliver(generate(201, 20_100), 20_110, pull)
    const { latencyMs, targetShare } = lane('poll')
    assert.equal(latencyMs?.count, 201)
    // the updates of the stall waited 10.01, 9.91 … 0.11 s
    close(latencyMs?.mean, (101 * 10 + 100 * 5060) / 201, 1)
    close(latencyMs?.p50, 10, 0.2)
    close(latencyMs?.p90, 8000, 200)
    close(targetShare, 110 / 201, 0.01)
  })

  it('to measure from when a late generator got round to it: its lag is told', () => {
    const { metrics, update, at } = workbench()
    for (let sequence = 1; sequence <= 20; sequence += 1) {
      at(sequence * 1000 + 400)
      metrics.update(update(sequence, sequence * 1000 + 400, { dueAt: START + sequence * 1000 }))
    }
    const [stream] = metrics.report().streams
    close(stream?.scheduleLagMs?.p50, 400, 4)
    assert.ok(stream?.flags.some(({ code }) => code === 'SCHEDULE_LAG'))
  })

  it('to clip negative latencies: clocks that disagree go unnoticed', () => {
    const { generate, deliver, lane } = workbench()
    for (let sequence = 1; sequence <= 10; sequence += 1)
      deliver(generate(sequence, sequence * 100), sequence * 100 + (sequence % 2 ? -6 : 2))
    const { latencyMs, latencyDeliveredMs } = lane('push')
    for (const figure of [latencyMs, latencyDeliveredMs]) {
      assert.equal(figure?.min, -6)
      close(figure?.mean, -2, 1e-6)
      close(figure?.p50, -6, 0.1)
    }
  })

  it('to sample the age where updates come: it is the area under the sawtooth', () => {
    const age = new AgeMeter()
    // peaks of 1, 1, 1 and 7 s: their mean is 2.5 s, the area is not
    for (const at of [0, 1000, 2000, 3000, 10_000]) age.record(at, at)
    const { meanMs, peakMeanMs, maxMs } = age.read(10_000, null)
    assert.deepEqual([meanMs, peakMeanMs, maxMs], [(3 * 0.5e6 + 24.5e6) / 10_000, 2500, 7000])
  })

  it('to take a socket’s cumulative counters for what one poll cost', async () => {
    const site = await openSite((_request, response) => response.writeHead(204).end())
    const lab = openLab({ url: site.url })
    for (let poll = 0; poll < 3; poll += 1) await lab.poller.poll('again')
    await lab.poller.close()
    await site.close()
    const polls = lab.exchanges.filter(({ kind }) => kind === 'poll')
    const sum = (key: 'bytesSent' | 'bytesReceived') => polls.reduce((all, poll) => all + poll[key], 0)
    assert.equal(site.bytes().connections, 1)
    assert.deepEqual([sum('bytesSent'), sum('bytesReceived')], [site.bytes().received, site.bytes().sent])
    assert.equal(new Set(polls.map(({ bytesSent }) => bytesSent)).size, 1)
  })

  it('to take totals since the start for those of the figures’ own time', () => {
    const { exchange, metrics, lane } = workbench()
    exchange(100, { requests: 100, updates: 1, bytesSent: 90_000, bytesReceived: 900_000 })
    metrics.reset()
    exchange(200, { requests: 110, updates: 6, bytesSent: 91_000, bytesReceived: 904_000 })
    const { bytes, exchanges } = lane('poll')
    assert.deepEqual([bytes.sent, bytes.received, bytes.perUpdate], [1000, 4000, 1000])
    assert.deepEqual([exchanges.requests, exchanges.requestsPerUpdate], [10, 2])
  })

  it('to count only answers 304 as empty: a server without validators looks busy', async () => {
    const site = await openSite((_request, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"value":1}')
    )
    const lab = openLab({ url: site.url })
    for (let poll = 0; poll < 3; poll += 1) await lab.poller.poll('again')
    await lab.poller.close()
    await site.close()
    assert.deepEqual(lab.outcomes(), ['updated', 'empty', 'empty'])
    const { exchange, lane } = workbench()
    exchange(100, { requests: 10, updates: 3, empty: 5, notModified: 2 })
    assert.equal(lane('poll').exchanges.emptyShare, 0.7)
  })

  it('to count superseded updates as lost, or lost ones as superseded', () => {
    const { generate, deliver, lane } = workbench()
    for (let sequence = 1; sequence <= 10; sequence += 1) {
      const update = generate(sequence, sequence * 100)
      if (sequence % 5 !== 0) continue
      deliver(update, sequence * 100 + 1, pull)
      deliver(update, sequence * 100 + 1)
      deliver(update, sequence * 100 + 1, { ...pull, source: 'log', sourceName: 'log', read: 'log' })
    }
    const counts = (name: string) => {
      const { generated, delivered, superseded, lost, pending } = lane(name).updates
      return [generated, delivered, superseded, lost, pending]
    }
    assert.deepEqual(counts('poll'), [10, 2, 8, 0, 0])
    assert.deepEqual(counts('push'), [10, 2, 0, 8, 0])
    assert.deepEqual(counts('log'), [10, 2, 0, 8, 0])
  })

  it('to count the restart of an origin, or of a source, as loss', () => {
    const { generate, deliver, lane } = workbench()
    for (const sequence of [1, 2, 3]) deliver(generate(sequence, sequence * 100), sequence * 100 + 5)
    const later = { epoch: '0hoglr3uzzzzzzz' }
    for (const sequence of [1, 2])
      deliver(generate(sequence, 1000 + sequence * 100, later), 1005 + sequence * 100)
    const { generated, delivered, lost, pending, outOfOrder, duplicate } = lane('push').updates
    assert.deepEqual([generated, delivered, lost, pending, outOfOrder, duplicate], [5, 5, 0, 0, 0, 0])
    // its source is deployed again: what came in between counts nowhere
    generate(3, 1300, later)
    deliver(generate(4, 1400, later), 1405, { since: START + 1350 })
    assert.deepEqual([lane('push').updates.delivered, lane('push').updates.lost], [6, 0])
  })

  it('to average percentiles: those of parts say nothing about the whole', () => {
    const { generate, deliver, lane } = workbench()
    for (let sequence = 1; sequence <= 1000; sequence += 1)
      deliver(generate(sequence, sequence * 100), sequence * 100 + (sequence > 950 ? 90 : 1))
    // of the twenty parts of fifty updates one has 90 ms and nineteen have 1 ms: 5.45 ms on average
    close(lane('push').latencyMs?.p99, 90, 1)
    close(lane('push').latencyMs?.p50, 1, 0.02)
    const parts = Array.from({ length: 20 }, (_, part) => {
      const histogram = new Histogram()
      for (let value = 0; value < 50; value += 1) histogram.record(part === 19 ? 90 : 1)
      return histogram
    })
    const whole = new Histogram()
    for (const part of parts) whole.add(part)
    close(whole.quantile(0.99), 90, 1)
    close(whole.quantile(0.95), 1, 0.02)
  })

  it('to let settings differ unseen: push and pull of another interval, or before the interval changed', () => {
    const { generate, deliver, lane } = workbench()
    const polled = (intervalMs: number) => ({
      ...pull,
      settings: pollSettings(intervalMs, 'latest'),
      totals: noTotals
    })
    deliver(generate(1, 100), 1000, polled(1000))
    deliver(generate(2, 1100), 1110, polled(10))
    deliver(generate(3, 1200), 1210, polled(10))
    const { latencyMs, previous, flags } = lane('poll')
    assert.equal(latencyMs?.max, 10)
    assert.equal(previous[0]?.latencyMs?.max, 900)
    assert.ok(flags.some(({ code }) => code === 'SETTINGS_CHANGED'))
  })
})
