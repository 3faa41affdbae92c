import assert from 'node:assert/strict'
import { connectAsync } from 'mqtt'
import { closeParties, openBroker, payloads, subscribed, update } from './parties.js'

describe('the broker', () => {
  afterEach(closeParties)

  it('publishes an update under the name of its stream', async () => {
    const broker = await openBroker()
    const client = await connectAsync(`mqtt://127.0.0.1:${broker.address.port}`)
    await client.subscribeAsync('house/#')
    const arrived = new Promise(resolve =>
      client.on('message', (topic, body) => resolve([topic, String(body)]))
    )
    broker.accept(update('house/kitchen', 1, { body: Buffer.from('warm') }))
    assert.deepEqual(await arrived, ['house/kitchen', 'warm'])
    await client.endAsync()
  })

  for (const qos of [0, 1, 2] as const)
    it(`loses none of 5 000 updates that are accepted in one turn at QoS ${qos}`, async () => {
      const broker = await openBroker()
      const client = await subscribed(broker, 'updates', qos)
      const body = Buffer.alloc(400, 'x')
      const sent: string[] = []
      for (let sequence = 1; sequence <= 5000; sequence++) {
        body.write(String(sequence).padStart(12, '0'))
        sent.push(String(body))
        broker.accept(update('updates', sequence, { qos, body: Buffer.from(body) }))
      }
      await client.count('publish', 5000)
      assert.deepEqual(payloads(client), sent)
      assert.equal(broker.counters().dropped, 0)
      assert.equal(broker.counters().updates, 5000)
    })
})
