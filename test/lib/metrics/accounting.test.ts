import assert from 'node:assert/strict'
import { newEpoch, updateId } from '../../../lib/update/identity.js'
import { START } from './simulation.js'
import { codes, pull, workbench } from './workbench.js'

const counts = {
  generated: 0,
  delivered: 0,
  superseded: 0,
  lost: 0,
  pending: 0,
  duplicate: 0,
  outOfOrder: 0,
  catchUp: 0
}

describe('the accounting of a lane', () => {
  it('counts a superseded update with the delivery that superseded it', () => {
    const { generate, deliver, lane } = workbench()
    const updates = [generate(1, 100), generate(2, 300), generate(3, 400)]
    for (const [index, update] of updates.entries()) deliver(update, 401 + index)
    const newest = updates[2]
    assert.ok(newest)
    deliver(newest, 500, pull)
    const { updates: found, latencyMs, latencyDeliveredMs, ageMs, versionsBehind } = lane('poll', 600)
    assert.deepEqual(found, { ...counts, generated: 3, delivered: 1, superseded: 2 })
    // 400, 200 and 100 ms; only the last one arrived
    assert.deepEqual([latencyMs?.count, latencyMs?.mean, latencyMs?.max], [3, 700 / 3, 400])
    assert.deepEqual([latencyDeliveredMs?.count, latencyDeliveredMs?.mean], [1, 100])
    assert.deepEqual([ageMs.now, ageMs.mean, versionsBehind], [200, 150, 0])
  })

  it('has an update pending until it or a newer one is held, and it misses its target meanwhile', () => {
    const { generate, deliver, lane } = workbench({ targetMs: 150 })
    deliver(generate(1, 0), 100)
    generate(2, 200)
    assert.deepEqual([lane('push', 300).updates.pending, lane('push').targetShare], [1, 1])
    const late = lane('push', 400)
    assert.deepEqual([late.updates.pending, late.targetShare, late.latencyMs?.count], [1, 0.5, 1])
    // held from 100 to 400: fresh until 200; 200 ms × one update behind
    assert.ok(Math.abs((late.freshShare ?? 0) - 1 / 3) < 1e-9)
    assert.ok(Math.abs((late.versionsBehind ?? 0) - 2 / 3) < 1e-9)
  })

  it('calls a gap lost once something newer has arrived, and takes it back when it is filled', () => {
    const { generate, deliver, lane } = workbench()
    const [first, second, third] = [generate(1, 0), generate(2, 10), generate(3, 20)]
    deliver(first, 25)
    assert.deepEqual(lane('push').updates, { ...counts, generated: 3, delivered: 1, pending: 2 })
    deliver(third, 30)
    assert.deepEqual(lane('push').updates, { ...counts, generated: 3, delivered: 2, lost: 1 })
    deliver(second, 50)
    assert.deepEqual(lane('push').updates, { ...counts, generated: 3, delivered: 3, outOfOrder: 1 })
    const { latencyMs, latencyDeliveredMs } = lane('push')
    // it was superseded at 30 by the third: 25, 20, 10; it arrived itself after 40
    assert.deepEqual([latencyMs?.mean, latencyDeliveredMs?.mean], [55 / 3, 75 / 3])
  })

  it('tells duplicates, unchanged answers and retained messages apart', () => {
    const { generate, deliver, lane } = workbench()
    const update = generate(1, 0)
    deliver(update, 10)
    deliver(update, 20)
    deliver(update, 30, { retained: true })
    deliver(update, 10, pull)
    deliver(update, 20, { ...pull, duplicate: true })
    assert.deepEqual(lane('push').updates, { ...counts, generated: 1, delivered: 1, duplicate: 1 })
    assert.deepEqual(lane('poll').updates, { ...counts, generated: 1, delivered: 1 })
  })

  it('takes a catch-up for the age, never for latency', () => {
    const { generate, deliver, lane } = workbench()
    const old = generate(1, 100)
    deliver(old, 500, { since: START + 400, catchUp: true })
    const { updates, latencyMs, ageMs } = lane('push', 600)
    assert.deepEqual(updates, { ...counts, catchUp: 1 })
    assert.deepEqual([latencyMs, ageMs.now, ageMs.mean], [null, 500, 450])
  })

  it('takes a restart of the origin for a restart', () => {
    const { generate, deliver, lane } = workbench()
    deliver(generate(1, 0), 5)
    generate(2, 10)
    const epoch = newEpoch(START + 100, () => 0.1)
    const restarted = (sequence: number) => ({ epoch, id: updateId(epoch, sequence) })
    deliver(generate(1, 110, restarted(1)), 112)
    deliver(generate(2, 120, restarted(2)), 122)
    // the second update of the first epoch never came
    assert.deepEqual(lane('push').updates, { ...counts, generated: 4, delivered: 3, lost: 1 })
    assert.equal(workbench().metrics.report().lanes.length, 0)
  })

  it('shows a negative latency as it is', () => {
    const { generate, deliver, lane, at, update } = workbench()
    deliver(generate(1, 0), 10)
    at(20)
    deliver(update(2, 30), 25)
    const { latencyMs } = lane('push')
    assert.deepEqual([latencyMs?.min, latencyMs?.mean], [-5, 2.5])
  })

  it('compares latency × speed with the target of replayed traffic', () => {
    const { generate, deliver, lane } = workbench({ targetMs: 1000 })
    deliver(generate(1, 0, { speed: 100 }), 9)
    deliver(generate(2, 20, { speed: 100 }), 31)
    assert.deepEqual([lane('push').targetShare, lane('push').latencyMs?.mean], [0.5, 10])
    // the third has been pending for 11 ms, which stand for 1.1 s
    generate(3, 40, { speed: 100 })
    assert.equal(lane('push', 51).targetShare, 1 / 3)
  })

  it('waits for the truth about what was skipped when the origin’s messages come after the deliveries', () => {
    const { metrics, update, deliver, lane } = workbench()
    const [first, second, third] = [update(1, 0), update(2, 10), update(3, 20)]
    metrics.update(first)
    deliver(first, 25, pull)
    deliver(third, 30, pull)
    assert.equal(lane('poll').updates.delivered, 1)
    for (const late of [second, third]) metrics.update(late)
    assert.deepEqual(lane('poll').updates, { ...counts, generated: 3, delivered: 2, superseded: 1 })
    assert.equal(lane('poll').latencyMs?.mean, 55 / 3)
    assert.ok(!codes(lane('poll')).includes('TRUTH_COARSE'))
  })

  it('measures how long after the first lane each had an update', () => {
    const { generate, deliver, lane } = workbench()
    const update = generate(1, 0)
    deliver(update, 3)
    deliver(update, 253, pull)
    assert.deepEqual([lane('push').behindFirstMs?.mean, lane('poll').behindFirstMs?.mean], [0, 250])
  })
})

describe('without the origin', () => {
  it('a delivery waits for what another lane may still tell about the updates that it skipped', () => {
    const { update, deliver, lane } = workbench()
    const updates = [1, 2, 3].map(sequence => update(sequence, sequence * 10))
    const [first, second, third] = updates
    assert.ok(first && second && third)
    deliver(first, 11)
    deliver(first, 12, pull)
    deliver(third, 33, pull)
    assert.equal(lane('poll').updates.delivered, 1)
    deliver(second, 34)
    deliver(third, 35)
    const { updates: found, latencyMs, flags } = lane('poll')
    assert.deepEqual(found, { ...counts, generated: 3, delivered: 2, superseded: 1 })
    assert.deepEqual([latencyMs?.count, latencyMs?.mean], [3, (2 + 13 + 3) / 3])
    assert.deepEqual(flags[0]?.spoils, ['updates.pending'])
  })

  it('what nobody can tell is null, and a flag says why; counts stand', () => {
    const { update, deliver, lane } = workbench()
    deliver(update(1, 0), 5, pull)
    deliver(update(4, 30), 35, pull)
    const found = lane('poll')
    assert.deepEqual(found.updates, { ...counts, generated: 4, delivered: 2, superseded: 2 })
    assert.deepEqual(
      [found.latencyMs, found.freshShare, found.versionsBehind, found.targetShare],
      [null, null, null, null]
    )
    assert.equal(found.latencyDeliveredMs?.mean, 5)
    assert.ok(
      found.flags.some(({ code, spoils }) => code === 'ORIGIN_NOT_WIRED' && spoils.includes('latencyMs'))
    )
  })

  it('patience ends after ten seconds', () => {
    const { update, deliver, lane } = workbench()
    deliver(update(1, 0), 1)
    deliver(update(1, 0), 2, pull)
    deliver(update(3, 20), 25, pull)
    assert.equal(lane('poll', 9000).updates.delivered, 1)
    assert.equal(lane('poll', 10_030).updates.delivered, 2)
    assert.equal(lane('poll').latencyMs, null)
  })

  it('an origin that is wired later than the first delivery is taken up', () => {
    const { metrics, update, deliver, lane } = workbench()
    const first = update(1, 0)
    deliver(first, 5)
    metrics.update(first)
    assert.deepEqual([metrics.report().streams.length, metrics.report().streams[0]?.origin], [1, 'origin'])
    assert.ok(!codes(lane('push')).includes('ORIGIN_NOT_WIRED'))
  })
})

describe('a lane before its first delivery', () => {
  it('belongs to the only origin of its stream, so that it cannot hide what it does not get', () => {
    const { generate, exchange, lane } = workbench()
    exchange(1, { requests: 1, empty: 1 }, { outcome: 'empty' })
    generate(1, 10)
    const { updates, targetShare } = lane('poll', 2000)
    assert.deepEqual([updates.pending, targetShare], [1, 0])
  })

  it('belongs to none when there are two', () => {
    const { generate, exchange, lane } = workbench()
    generate(1, 10)
    generate(1, 10, { origin: 'other', epoch: newEpoch(START + 9, () => 0.7) })
    exchange(11, {})
    assert.equal(lane('poll', 2000).updates.generated, null)
  })
})
