import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { ThreadServer } from '../../../lib/thread/thread-server.js'
import {
  afterTest,
  closeParties,
  connected,
  openBroker,
  payloads,
  subscribed,
  tcp,
  update
} from './parties.js'

/** Whether somebody listens there. */
async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  const open = await once(socket, 'connect').then(
    () => true,
    () => false
  )
  socket.destroy()
  return open
}
const back = (broker: ThreadServer) => broker.comeBack(broker.address)

describe('a broker that is away', () => {
  afterEach(closeParties)

  it('has ended every connection, also of those who never said a word, and listens on neither port', async () => {
    const broker = await openBroker({ wsPort: 0 })
    const { port, wsPort } = broker.address
    const subscriber = await subscribed(broker, 'updates')
    const silent = await tcp(broker)
    const closed = once(silent, 'close')
    await broker.goAway()
    await Promise.all([subscriber.gone(), closed])
    assert.equal(broker.counters().connections, 0)
    assert.deepEqual([await answers(port), await answers(wsPort ?? 0)], [false, false])
    await broker.goAway()
  })

  it('comes back on both ports, with sessions, what they missed, and retained messages', async () => {
    const broker = await openBroker({ wsPort: 0, streams: ['updates'] })
    const { address } = broker
    const session = { clientId: 'keeper', clean: false }
    const keeper = await subscribed(broker, 'updates', 1, session)
    const other = await subscribed(broker, 'updates', 0)
    await broker.goAway()
    await Promise.all([keeper.gone(), other.gone()])
    for (const sequence of [1, 2, 3]) broker.accept(update('updates', sequence, { qos: 1, retain: true }))
    await back(broker)
    assert.deepEqual(broker.address, address)
    assert.equal(await answers(address.wsPort ?? 0), true)
    const again = await connected(broker, session)
    await again.count('publish', 3)
    assert.deepEqual(
      payloads(again).map(text => JSON.parse(text).id.slice(-1)),
      ['1', '2', '3']
    )
    const late = await subscribed(broker, 'updates', 0)
    await late.count('publish', 1)
    assert.match(String(payloads(late)), /3"/)
    assert.deepEqual(payloads(other), [], 'a clean session is gone with its connection')
  })

  it('stays away, whole, while another program has one of its ports, and comes back when that has ended', async () => {
    const broker = await openBroker({ wsPort: 0 })
    const { port, wsPort } = broker.address
    await broker.goAway()
    const intruder = createServer().listen(wsPort ?? 0, '127.0.0.1')
    await once(intruder, 'listening')
    afterTest(() => intruder.close())
    await assert.rejects(back(broker), { code: 'PORT_IN_USE', message: new RegExp(`port ${wsPort} `) })
    assert.equal(await answers(port), false)
    intruder.close()
    await once(intruder, 'close')
    await back(broker)
    await connected(broker)
  })

  it('closes', async () => {
    const broker = await openBroker()
    await broker.goAway()
    await broker.close()
    assert.equal(await answers(broker.address.port), false)
  })
})
