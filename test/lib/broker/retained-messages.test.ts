import assert from 'node:assert/strict'
import { RetainedMessages } from '../../../lib/broker/retained-messages.js'
import { closeParties, connected, openBroker, payloads, subscribed, update } from './parties.js'

const stored = (topic: string, payload: string) => ({
  cmd: 'publish',
  topic,
  payload: Buffer.from(payload),
  qos: 0,
  retain: true,
  brokerCounter: 1
})

describe('retained messages', () => {
  it('are bounded in number and bytes; a topic of ours is kept all the same', () => {
    const retained = new RetainedMessages({ retainedMessages: 2, retainedBytes: 20 })
    assert.equal(retained.store(stored('a', 'x'), false), null)
    assert.equal(retained.store(stored('b', 'x'), false), null)
    assert.equal(retained.store(stored('c', 'x'), false), 'retainedMessages')
    assert.equal(retained.store(stored('a', 'y'), false), null)
    assert.equal(retained.store(stored('a', 'y'.repeat(20)), false), 'retainedBytes')
    assert.equal(retained.store(stored('ours', 'x'.repeat(30)), true), null)
    assert.deepEqual([...retained.matching('#')].map(({ topic }) => topic).sort(), ['b', 'ours'])
    assert.equal(retained.bytes, 2 + 34)
  })

  it('are forgotten by an empty payload', () => {
    const retained = new RetainedMessages({ retainedMessages: 2, retainedBytes: 20 })
    retained.store(stored('a', 'x'), false)
    retained.store(stored('a', ''), false)
    assert.deepEqual([retained.size, retained.bytes], [0, 0])
  })

  describe('at the broker', () => {
    afterEach(closeParties)

    it('of our streams outlive the thread: the last update of each is seeded, if it was retained', async () => {
      const last = [
        update('kept', 7, { retain: true, body: Buffer.from('seven') }),
        update('passing', 8, { retain: false })
      ]
      const broker = await openBroker({ last })
      const client = await subscribed(broker, '#')
      await client.count('publish', 1)
      client.send({ cmd: 'pingreq' })
      await client.next('pingresp')
      assert.deepEqual(payloads(client), ['seven'])
      const message = await client.next('publish')
      assert.equal(message.retain, true)
      assert.equal(broker.counters().updates, 0)
    })

    it('are not lost: a late subscriber gets the last of 1 000 retained updates, mixed with others', async () => {
      const broker = await openBroker()
      for (let n = 1; n <= 1000; n++)
        broker.accept(update('updates', n, { retain: n % 2 === 0, body: Buffer.from(String(n)) }))
      const client = await subscribed(broker, 'updates')
      await client.count('publish', 1)
      assert.deepEqual(payloads(client), ['1000'])
    })

    it('keep the order of publishing, whether the message before is retained or not', async () => {
      const broker = await openBroker()
      const client = await subscribed(broker, 'updates')
      for (let n = 1; n <= 100; n++)
        broker.accept(update('updates', n, { retain: n % 2 === 1, body: Buffer.from(String(n)) }))
      await client.count('publish', 100)
      assert.deepEqual(
        payloads(client).map(Number),
        Array.from({ length: 100 }, (_, n) => n + 1)
      )
    })

    it('of foreign clients are capped and counted, and ours are not crowded out', async () => {
      const broker = await openBroker({ limits: { retainedMessages: 3 } })
      broker.declare(['ours'])
      const publisher = await connected(broker)
      for (let n = 1; n <= 5; n++)
        publisher.send({
          cmd: 'publish',
          topic: `t/${n}`,
          payload: 'x',
          qos: 1,
          messageId: n,
          retain: true,
          dup: false
        })
      await publisher.count('puback', 5)
      broker.accept(update('ours', 1, { retain: true, body: Buffer.from('ours') }))
      const client = await subscribed(broker, '#')
      await client.count('publish', 4)
      assert.ok(payloads(client).includes('ours'))
      assert.deepEqual(broker.counters().limits, { retainedMessages: 2 })
      assert.equal(broker.counters().dropped, 2)
    })
  })
})
