import assert from 'node:assert/strict'
import { readDelivery, readExchange } from '../../../lib/metrics/records.js'
import { deliveryOf, START } from './simulation.js'
import { codes, workbench } from './workbench.js'

/** Two lanes without our envelope; `push` is the reference. */
function foreign() {
  const bench = workbench()
  const deliver = (source: 'push' | 'poll', instant: number, facts: Record<string, unknown>) => {
    bench.at(instant)
    const model = source === 'push' ? 'push' : 'pull'
    const time = facts.time === undefined ? {} : { generatedAt: START + Number(facts.time) }
    const record = { model, source, since: START, ...facts, ...time }
    bench.metrics.delivery(readDelivery(record, 'room', START + instant, null))
  }
  return { ...bench, deliver }
}

describe('updates without numbers of ours', () => {
  it('are matched by equal id first, and what the reference lane had in between is superseded', () => {
    const { deliver, lane } = foreign()
    for (const [id, instant] of [
      ['a', 10],
      ['b', 20],
      ['c', 30]
    ] as const)
      deliver('push', instant, { id, time: instant - 5, value: 1 })
    deliver('poll', 50, { id: 'a', time: 9999, value: 1 })
    deliver('poll', 100, { id: 'c', value: 1 })
    const { updates, matchedBy, latencyMs, behindFirstMs } = lane('poll')
    assert.deepEqual([updates.delivered, updates.superseded, updates.lost, updates.pending], [2, 1, 0, 0])
    assert.equal(matchedBy, 'id')
    assert.deepEqual([behindFirstMs?.count, behindFirstMs?.max], [2, 70])
    // a, b and c were generated at 5, 15 and 25, says the reference, whatever the poller says
    assert.deepEqual([latencyMs?.count, latencyMs?.mean], [3, (45 + 85 + 75) / 3])
    assert.ok(codes(lane('push')).includes('FOREIGN_IDS'))
  })

  it('are matched by equal time when there are no ids', () => {
    const { deliver, lane } = foreign()
    for (const instant of [10, 20, 30]) deliver('push', instant, { time: instant - 5 })
    deliver('poll', 100, { time: 25 })
    const { updates, matchedBy, latencyMs } = lane('poll')
    assert.deepEqual([updates.delivered, updates.superseded, matchedBy], [1, 2, 'time'])
    assert.deepEqual([latencyMs?.count, latencyMs?.mean], [3, (95 + 85 + 75) / 3])
  })

  it('are matched by equal value at last, with the newest that the reference had before', () => {
    const { deliver, lane } = foreign()
    for (const [value, instant] of [
      [20, 10],
      [21, 20],
      [20, 30],
      [22, 40]
    ] as const)
      deliver('push', instant, { value })
    deliver('poll', 35, { value: 20 })
    deliver('poll', 50, { value: { other: 1 } })
    deliver('poll', 60, { value: 22 })
    const { updates, matchedBy, behindFirstMs } = lane('poll')
    assert.equal(matchedBy, 'value')
    // 20 of instant 30 is held at 35, though 20 came at 10 as well; 22 at 60; the stranger has no place
    assert.deepEqual([updates.delivered, updates.superseded], [3, 2])
    assert.deepEqual([behindFirstMs?.count, behindFirstMs?.max], [2 + 1, 20])
  })

  it('are not taken for an older equal value when a poll brings a new one before it is pushed', () => {
    const { deliver, lane } = foreign()
    deliver('push', 10, { value: 20 })
    deliver('push', 500, { value: 21 })
    deliver('poll', 550, { value: 21 })
    deliver('poll', 899, { value: 20 })
    deliver('push', 900, { value: 20 })
    deliver('push', 950, { value: 22 })
    deliver('poll', 960, { value: 22 })
    const { updates, behindFirstMs } = lane('poll')
    // 20 of instant 10 would be 889 ms behind, and out of order
    assert.deepEqual([behindFirstMs?.count, behindFirstMs?.max], [3, 50])
    assert.equal(updates.outOfOrder ?? 0, 0)
    assert.equal(updates.delivered, 3)
  })

  it('are not taken for an older one either by the poll after that', () => {
    const { deliver, lane } = foreign()
    for (const [value, instant] of [
      [20, 10],
      [21, 20],
      [22, 700]
    ] as const)
      deliver('push', instant, { value })
    deliver('poll', 15, { value: 20, receivedAt: START + 15 })
    deliver('poll', 25, { value: 21, receivedAt: START + 25 })
    deliver('poll', 710, { value: 20 })
    deliver('poll', 810, { value: 21 })
    // 21 of instant 20 would be 790 ms behind
    assert.deepEqual([lane('poll').behindFirstMs?.count, lane('poll').behindFirstMs?.max], [4, 5])
  })

  it('are not matched with what the reference lane had only afterwards', () => {
    const { deliver, lane } = foreign()
    deliver('push', 10, { value: 20 })
    deliver('push', 20, { value: 21 })
    deliver('push', 60, { value: 20 })
    deliver('poll', 60, { value: 20, receivedAt: START + 40 })
    const { updates } = lane('poll')
    assert.deepEqual([updates.delivered, updates.superseded, updates.pending], [1, 0, 2])
  })

  it('have no latency while nobody knows when they were generated, only how far behind the first they came', () => {
    const { deliver, lane } = foreign()
    deliver('push', 10, { id: '1' })
    deliver('poll', 110, { id: '1' })
    const found = lane('poll')
    assert.deepEqual(
      [found.latencyMs, found.latencyDeliveredMs, found.ageMs.mean, found.freshShare],
      [null, null, null, null]
    )
    assert.equal(found.behindFirstMs?.mean, 100)
    assert.ok(codes(found).includes('NO_GENERATION_TIME'))
  })

  it('join the numbers of our origin when their id has the form of ours', () => {
    const { deliver, generate, lane } = foreign()
    const update = generate(1, 10, { stream: 'room' })
    generate(2, 20, { stream: 'room' })
    const third = generate(3, 30, { stream: 'room' })
    deliver('poll', 15, { id: update.id })
    deliver('poll', 50, { id: third.id })
    const { updates, latencyMs } = lane('poll')
    assert.deepEqual([updates.delivered, updates.superseded], [2, 1])
    assert.deepEqual([latencyMs?.count, latencyMs?.max], [3, 30])
  })

  it('are matched with the numbered deliveries of a push lane by time in whole milliseconds, or by value', () => {
    const { generate, metrics, at, deliver, lane } = foreign()
    const numbered = (sequence: number, instant: number, value: unknown) => {
      const update = generate(sequence, instant, { stream: 'room' })
      at(instant + 1)
      metrics.delivery(deliveryOf(update, START + instant + 1, { value }))
    }
    numbered(1, 10.25, 20)
    deliver('poll', 12, { value: 20 })
    numbered(2, 30.25, 21)
    numbered(3, 40.25, 22)
    numbered(4, 50.25, 23)
    deliver('poll', 100, { time: 40, value: 'other' })
    assert.equal(lane('poll').matchedBy, 'time')
    deliver('poll', 110, { value: 23 })
    const { updates, matchedBy, latencyMs } = lane('poll')
    assert.equal(matchedBy, 'value')
    assert.deepEqual([updates.delivered, updates.superseded, updates.pending], [3, 1, 0])
    assert.deepEqual([latencyMs?.min, latencyMs?.max], [12 - 10.25, 100 - 30.25])
  })

  it('are counted alone when there is nothing to match them with; gaps are unknown, not zero', () => {
    const { deliver, lane } = foreign()
    deliver('poll', 10, { id: 'x', time: 4 })
    deliver('poll', 20, { id: 'y', time: 15 })
    const { updates, latencyMs, latencyDeliveredMs, ageMs } = lane('poll', 30)
    assert.deepEqual(
      [updates.delivered, updates.generated, updates.superseded, updates.lost, updates.pending],
      [2, null, null, null, null]
    )
    assert.deepEqual([latencyMs, latencyDeliveredMs?.mean, ageMs.now], [null, 5.5, 15])
  })

  it('have no origin to be wired, and the flag says what they are known by instead', () => {
    const { deliver, lane, metrics } = foreign()
    const told = (name: string) =>
      lane(name).flags.find(({ code }) => code === 'ORIGIN_NOT_WIRED' || code === 'NO_GROUND_TRUTH')
    deliver('poll', 10, { id: 'x' })
    assert.match(told('poll')?.message ?? '', /No origin of ours .* not known/)
    assert.ok(told('poll')?.spoils.includes('latencyMs'))
    deliver('push', 20, { id: 'y' })
    deliver('poll', 30, { id: 'y' })
    assert.match(told('poll')?.message ?? '', /No origin of ours .* matched by id/)
    assert.deepEqual(told('poll')?.spoils, ['updates.pending'])
    assert.ok(!/[Ww]ire the/.test(told('poll')?.remedy ?? ''))
    metrics.reset()
    assert.match(told('poll')?.message ?? '', /No origin of ours/)
  })

  it('do not become those of an origin by a reset', () => {
    const { deliver, generate, metrics, lane } = foreign()
    deliver('poll', 10, { id: 'x' })
    generate(1, 20, { stream: 'room' })
    metrics.reset()
    const second = generate(2, 30, { stream: 'room' })
    assert.deepEqual([lane('poll').updates.pending, lane('poll').updates.generated], [null, null])
    assert.ok(codes(lane('poll')).includes('NO_GROUND_TRUTH'))
    // from now on it reads our feed: its numbers are ours
    deliver('poll', 40, { id: second.id })
    assert.deepEqual(
      [lane('poll').matchedBy, codes(lane('poll')).includes('FOREIGN_IDS')],
      ['sequence', false]
    )
  })
})

describe('records from any flow', () => {
  it('need only a model and a source', () => {
    const delivery = readDelivery({ model: 'pull', source: 'mine' }, 'topic', 5, null)
    assert.deepEqual(
      [delivery.stream, delivery.receivedAt, delivery.read, delivery.since, delivery.sinceKnown],
      ['topic', 5, 'latest', 5, false]
    )
    const exchange = readExchange({ model: 'push', source: 'mine' }, 'topic', 5)
    assert.deepEqual([exchange.kind, exchange.outcome, exchange.totals], ['poll', 'updated', null])
  })

  it('take from the node’s own properties what they do not say themselves', () => {
    const facts = {
      id: '7',
      epoch: null,
      sequence: null,
      generatedAt: 3,
      timeZoneMissing: true,
      resolutionMs: null,
      value: 'v'
    }
    const delivery = readDelivery({ model: 'push', source: 'mine', id: 'own', value: null }, 't', 5, facts)
    assert.deepEqual(
      [delivery.id, delivery.generatedAt, delivery.latencyMs, delivery.value],
      ['own', 3, 2, 'v']
    )
    const { metrics, lane } = workbench()
    metrics.delivery(delivery)
    assert.ok(codes(lane('mine')).includes('TIME_ZONE_MISSING'))
  })

  it('without half of their totals count as without totals', () => {
    const { totals, server } = readDelivery(
      { model: 'push', source: 's', totals: { requests: 1 }, server: { at: 1 } },
      't',
      5,
      null
    )
    assert.deepEqual([totals, server], [null, null])
  })

  it('may say a part of their settings; the rest is unknown, never missing', () => {
    const settings = { intervalMs: 500, trigger: 'now and then', qos: 7 }
    const record = readDelivery({ model: 'pull', source: 's', settings }, 't', 5, null)
    const { metrics, lane } = workbench()
    metrics.delivery(record)
    const { read, trigger, intervalMs, waitMs, qos } = lane('s')
    assert.deepEqual([read, trigger, intervalMs, waitMs, qos], ['latest', null, 500, null, null])
  })
})
