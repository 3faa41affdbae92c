import assert from 'node:assert/strict'
import { closeParties, connected, openBroker } from './parties.js'

describe('a client that breaks the protocol', () => {
  afterEach(closeParties)

  const breaches: readonly [string, Buffer][] = [
    ['reserved flags', Buffer.from([0xc1, 0])],
    ['a second CONNECT', Buffer.from([0x10, 13, 0, 4, 77, 81, 84, 84, 4, 2, 0, 0, 0, 1, 65])],
    ['a SUBSCRIBE to #/a', Buffer.from([0x82, 8, 0, 1, 0, 3, 35, 47, 97, 0])],
    ['half an UTF-8 string', Buffer.from([0x30, 3, 0, 9, 97])]
  ]
  for (const [what, bytes] of breaches)
    it(`by ${what} is disconnected, counted and named; others go on`, async () => {
      const broker = await openBroker()
      const other = await connected(broker)
      const client = await connected(broker, { clientId: 'careless' })
      client.write(bytes)
      await client.gone()
      assert.deepEqual(broker.counters().limits, { protocolError: 1 })
      assert.equal(broker.notices[0]?.code, 'CONNECTION_LOST')
      assert.match(broker.notices[0]?.message ?? '', /client careless/)
      other.send({ cmd: 'pingreq' })
      await other.next('pingresp')
    })

  it('is told from one that vanishes, which is nobody’s fault', async () => {
    const broker = await openBroker()
    const client = await connected(broker)
    client.end()
    while (broker.counters().connections > 0) await new Promise(setImmediate)
    assert.deepEqual([broker.counters().limits, broker.notices], [{}, []])
  })

  it('is told from one that falls silent, which is counted as such', async () => {
    const broker = await openBroker()
    const client = await connected(broker, { keepalive: 1 })
    await client.gone()
    assert.deepEqual(broker.counters().limits, { keepAlive: 1 })
  })
})
