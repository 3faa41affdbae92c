import assert from 'node:assert/strict'
import { SessionQueue } from '../../../lib/broker/session-queue.js'
import type { StoredPacket } from '../../../lib/broker/stored-packet.js'

const publish = (brokerCounter: number, payload = 'x', messageId?: number): StoredPacket => ({
  cmd: 'publish',
  topic: 't',
  payload: Buffer.from(payload),
  qos: 1,
  retain: false,
  brokerCounter,
  messageId
})
const counters = (queue: SessionQueue) => [...queue.packets()].map(packet => packet.brokerCounter)

describe('a session queue', () => {
  it('keeps the newest within both bounds, and says what had to go and why', () => {
    const few = new SessionQueue(2, 1000)
    assert.equal(few.enqueue(publish(1)), null)
    assert.equal(few.enqueue(publish(2)), null)
    assert.deepEqual(few.enqueue(publish(3)), { messages: 1, for: 'sessionMessages' })
    assert.deepEqual(counters(few), [2, 3])

    const small = new SessionQueue(100, 10)
    small.enqueue(publish(1, 'xxx'))
    small.enqueue(publish(2, 'xxx'))
    assert.deepEqual(small.enqueue(publish(3, 'x'.repeat(8))), { messages: 2, for: 'sessionBytes' })
    assert.deepEqual([counters(small), small.bytes], [[3], 9])
  })

  it('forgets what is acknowledged, by the identifier under which it was sent', () => {
    const queue = new SessionQueue(10, 1000)
    for (const n of [1, 2, 3]) queue.enqueue(publish(n))
    queue.sending(publish(2, 'x', 77))
    assert.equal(queue.acknowledged(77)?.brokerCounter, 2)
    assert.equal(queue.acknowledged(77), undefined)
    assert.deepEqual([counters(queue), queue.bytes], [[1, 3], 4])
  })

  it('never gives one identifier to two unacknowledged packets [MQTT-2.3.1-2]', () => {
    const queue = new SessionQueue(10, 1000)
    for (const n of [1, 2]) queue.enqueue(publish(n))
    const first = publish(1, 'x', 65_535)
    const second = publish(2, 'x', 65_535)
    queue.sending(first)
    queue.sending(second)
    assert.deepEqual([first.messageId, second.messageId], [65_535, 1])
    assert.equal(queue.acknowledged(1)?.brokerCounter, 2)
  })

  it('keeps an identifier that is sent again', () => {
    const queue = new SessionQueue(10, 1000)
    queue.enqueue(publish(1))
    const packet = publish(1, 'x', 5)
    queue.sending(packet)
    queue.sending(packet)
    assert.equal(packet.messageId, 5)
  })

  it('owes a PUBREL in place of a PUBLISH that was received, without its bytes', () => {
    const queue = new SessionQueue(10, 1000)
    for (const n of [1, 2]) queue.enqueue(publish(n))
    queue.sending(publish(1, 'x', 9))
    queue.sending({ ...publish(0), cmd: 'pubrel', messageId: 9 })
    assert.deepEqual(
      [...queue.packets()].map(({ cmd }) => cmd),
      ['pubrel', 'publish']
    )
    assert.equal(queue.bytes, 2)
    queue.acknowledged(9)
    assert.deepEqual([counters(queue), queue.bytes], [[2], 2])
  })

  it('takes a message once', () => {
    const queue = new SessionQueue(10, 1000)
    queue.enqueue(publish(1))
    queue.enqueue(publish(1))
    assert.deepEqual([queue.size, queue.bytes], [1, 2])
  })

  it('shows what is enqueued while it is read', () => {
    const queue = new SessionQueue(10, 1000)
    queue.enqueue(publish(1))
    const seen: number[] = []
    for (const { brokerCounter } of queue.packets()) {
      seen.push(brokerCounter)
      if (brokerCounter < 4) queue.enqueue(publish(brokerCounter + 1))
    }
    assert.deepEqual(seen, [1, 2, 3, 4])
  })
})
