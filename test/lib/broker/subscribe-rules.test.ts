import assert from 'node:assert/strict'
import { closeParties, connected, openBroker, payloads, update } from './parties.js'

describe('a SUBSCRIBE', () => {
  afterEach(closeParties)

  it('to $share is refused with 0x80 and counted, its other filters are granted', async () => {
    const broker = await openBroker()
    const client = await connected(broker)
    client.send({
      cmd: 'subscribe',
      messageId: 1,
      subscriptions: [
        { topic: '$share/group/updates', qos: 1 },
        { topic: 'updates', qos: 1 }
      ]
    })
    assert.deepEqual((await client.next('suback')).granted, [0x80, 1])
    broker.accept(update('updates', 1, { body: Buffer.from('one') }))
    await client.count('publish', 1)
    assert.deepEqual(payloads(client), ['one'])
    assert.deepEqual(broker.counters().limits, { sharedSubscription: 1 })
  })

  it('to filters that Aedes would take and MQTT does not is refused with 0x80', async () => {
    const broker = await openBroker()
    const client = await connected(broker)
    const filters = ['a+', '+a', 'a\0', 'a/#']
    client.send({
      cmd: 'subscribe',
      messageId: 1,
      subscriptions: filters.map(topic => ({ topic, qos: 0 as const }))
    })
    assert.deepEqual((await client.next('suback')).granted, [0x80, 0x80, 0x80, 0])
  })

  it('past the number of filters a client may have is refused; giving some up makes room', async () => {
    const broker = await openBroker({ limits: { clientSubscriptions: 2 } })
    const client = await connected(broker)
    const subscribe = async (...topics: string[]) => {
      client.send({
        cmd: 'subscribe',
        messageId: 1,
        subscriptions: topics.map(topic => ({ topic, qos: 0 as const }))
      })
      return (await client.next('suback')).granted
    }
    assert.deepEqual(await subscribe('a', 'b', 'c'), [0, 0, 0x80])
    client.send({ cmd: 'unsubscribe', messageId: 2, unsubscriptions: ['a'] })
    await client.next('unsuback')
    assert.deepEqual(await subscribe('c', 'b'), [0, 0])
    assert.deepEqual(broker.counters().limits, { clientSubscriptions: 1 })
  })

  it('of 20 000 filters at once by a persistent session neither stops the broker nor outgrows the limit', async () => {
    const broker = await openBroker({ limits: { clientSubscriptions: 1000 } })
    const client = await connected(broker, { clientId: 'many', clean: false })
    const subscriptions = Array.from({ length: 20_000 }, (_, n) => ({ topic: `t/${n}`, qos: 1 as const }))
    client.send({ cmd: 'subscribe', messageId: 1, subscriptions })
    const { granted } = (await client.next('suback')) as unknown as { granted: number[] }
    assert.equal(granted.filter(code => code === 1).length, 1000)
  })
})
