import assert from 'node:assert/strict'
import { DeliveryError } from '../../../lib/errors.js'
import { HandOverQueue, MOST_BYTES, MOST_UPDATES } from '../../../lib/thread/hand-over-queue.js'
import { updateId } from '../../../lib/update/identity.js'
import type { HandedUpdate } from '../../../lib/update/update.js'

describe('the queue of hand-overs', () => {
  const epoch = '0'.repeat(15)
  const update = (sequence: number, bytes = 1, stream = 's'): HandedUpdate => ({
    stream,
    id: updateId(epoch, sequence),
    epoch,
    sequence,
    generatedAt: 0,
    body: new Uint8Array(bytes),
    qos: 0,
    retain: false
  })
  const died = new DeliveryError('THREAD_DIED', 'died')

  it('numbers hand-overs in order and ends each exactly once', async () => {
    const queue = new HandOverQueue([])
    const ends = [1, 2, 3].map(sequence => queue.add(update(sequence)))
    const batch = queue.take()
    assert.deepEqual(
      batch?.updates.map(({ sequence }) => sequence),
      [1, 2, 3]
    )
    assert.equal(batch?.first, 0)
    assert.equal(queue.take(), null)
    queue.settle([0, 2], [[1, { code: 'HAND_OVER_FAILED', message: 'no' }]])
    queue.settle([0, 2], [])
    assert.deepEqual(
      (await Promise.allSettled(ends)).map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled']
    )
    assert.equal(queue.size, 0)
  })

  it('rejects what was under way when the thread dies, and keeps what still waits', async () => {
    const queue = new HandOverQueue([])
    const first = queue.add(update(1))
    queue.take()
    const second = queue.add(update(2))
    assert.equal(queue.rejectUnderWay(died), 1)
    await assert.rejects(first, died)
    const batch = queue.take()
    assert.equal(batch?.first, 1)
    // a late word of the dead thread
    queue.settle([0, 0], [])
    queue.settle([1, 1], [])
    await second
  })

  it('remembers the newest accepted update of each stream', async () => {
    const queue = new HandOverQueue([update(7, 1, 'old')])
    const ends = [
      queue.add(update(1)),
      queue.add(update(2)),
      queue.add(update(3)),
      queue.add(update(1, 1, 't'))
    ]
    queue.take()
    queue.settle([1, 1, 0, 0, 3, 3], [])
    queue.settle([2, 2], [[2, { code: 'HAND_OVER_FAILED', message: 'no' }]])
    await Promise.allSettled(ends)
    assert.deepEqual(
      queue.last.map(({ stream, sequence }) => [stream, sequence]),
      [
        ['old', 7],
        ['s', 2],
        ['t', 1]
      ]
    )
  })

  it('is bounded in updates and in bytes, and has room again when they end', async () => {
    const many = new HandOverQueue([])
    const ends = Array.from({ length: MOST_UPDATES }, (_, index) => many.add(update(index)))
    await assert.rejects(many.add(update(0)), { code: 'QUEUE_FULL' })
    while (many.take());
    await assert.rejects(many.add(update(0)), { code: 'QUEUE_FULL' })
    many.settle([0, MOST_UPDATES - 1], [])
    await Promise.all(ends)
    const more = many.add(update(0))
    const big = new HandOverQueue([])
    const half = { ...update(1), body: { byteLength: MOST_BYTES / 2 } as Uint8Array }
    const halves = [big.add(half), big.add(half)]
    await assert.rejects(big.add(update(2)), { code: 'QUEUE_FULL' })
    many.rejectAll(died)
    big.rejectAll(died)
    await Promise.allSettled([more, ...halves])
    assert.equal(big.size, 0)
  })
})
