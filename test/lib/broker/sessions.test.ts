import assert from 'node:assert/strict'
import { DEFAULT_LIMITS } from '../../../lib/broker/limits.js'
import { Sessions } from '../../../lib/broker/sessions.js'
import { Tally } from '../../../lib/broker/tally.js'
import { FakeClock } from '../../helpers/fake-clock.js'
import {
  closeParties,
  connected,
  openBroker,
  payloads,
  rawClient,
  subscribed,
  tcp,
  update
} from './parties.js'

const stored = (brokerCounter: number, payload = 'x') => ({
  cmd: 'publish',
  topic: 'updates',
  payload: Buffer.from(payload),
  qos: 1,
  retain: false,
  brokerCounter
})

function open(limits: Partial<typeof DEFAULT_LIMITS>) {
  const clock = new FakeClock()
  const tally = new Tally()
  const sessions = new Sessions({ ...DEFAULT_LIMITS, ...limits }, tally, clock)
  return { clock, tally, sessions }
}

describe('persistent sessions', () => {
  it('expire after their time offline, with all that they were owed, and are counted', () => {
    const { clock, tally, sessions } = open({ sessionExpiryMs: 3_600_000 })
    for (const id of ['away', 'here']) {
      sessions.online(id)
      sessions.subscribe(id, { topic: 'updates', qos: 1 })
    }
    sessions.offline('away')
    sessions.enqueue('away', stored(1))
    clock.advance(3_500_000)
    assert.equal(sessions.size, 2)
    clock.advance(200_000)
    assert.equal(sessions.size, 1)
    assert.deepEqual(
      sessions.subscribersOf('updates').map(({ clientId }) => clientId),
      ['here']
    )
    assert.equal(sessions.queueOf('away'), undefined)
    assert.equal(tally.counters().expired, 1)
    sessions.close()
    assert.equal(clock.pending, 0)
  })

  it('do not expire while a client comes back in time', () => {
    const { clock, sessions } = open({ sessionExpiryMs: 3_600_000 })
    for (let visit = 0; visit < 5; visit++) {
      sessions.online('often')
      sessions.offline('often')
      clock.advance(3_000_000)
    }
    assert.equal(sessions.size, 1)
  })

  it('above their number, the one that was offline longest goes', () => {
    const { tally, sessions } = open({ maxSessions: 2 })
    for (const id of ['a', 'b']) {
      sessions.online(id)
      sessions.offline(id)
    }
    sessions.online('a')
    sessions.offline('a')
    sessions.online('c')
    assert.deepEqual(
      ['a', 'b', 'c'].map(id => sessions.queueOf(id) !== undefined),
      [true, false, true]
    )
    assert.deepEqual(tally.counters().limits, { maxSessions: 1 })
  })

  it('count what their queues lost as dropped only while offline', () => {
    const { tally, sessions } = open({ sessionMessages: 2 })
    sessions.online('a')
    for (let n = 1; n <= 3; n++) sessions.enqueue('a', stored(n))
    assert.equal(tally.counters().dropped, 0)
    sessions.offline('a')
    sessions.enqueue('a', stored(4))
    assert.equal(tally.counters().dropped, 1)
    assert.deepEqual(tally.counters().limits, { unacknowledged: 1, sessionMessages: 1 })
  })
})

describe('a persistent session at the broker', () => {
  afterEach(closeParties)
  const session = { clientId: 'keeper', clean: false }

  it('gets what was published while it was away, in order, up to the cap; the rest is counted', async () => {
    const broker = await openBroker({ limits: { sessionMessages: 100 } })
    const before = await subscribed(broker, 'updates', 1, session)
    before.end()
    await before.gone()
    while (broker.counters().connections > 0) await new Promise(setImmediate)
    for (let n = 1; n <= 250; n++)
      broker.accept(update('updates', n, { qos: 1, body: Buffer.from(String(n)) }))
    const after = await connected(broker, session)
    await after.count('publish', 100)
    assert.deepEqual(
      payloads(after).map(Number),
      Array.from({ length: 100 }, (_, n) => n + 151)
    )
    assert.equal(broker.counters().limits.sessionMessages, 150)
    assert.equal(broker.counters().dropped, 150)
  })

  it('gets what it did not acknowledge again, marked as a duplicate, and nothing that it did', async () => {
    const broker = await openBroker()
    const before = await subscribed(broker, 'updates', 1, session)
    for (let n = 1; n <= 3; n++) broker.accept(update('updates', n, { qos: 1, body: Buffer.from(String(n)) }))
    await before.count('publish', 3)
    const first = await before.next('publish')
    before.send({ cmd: 'puback', messageId: Number(first.messageId) })
    before.send({ cmd: 'pingreq' })
    await before.next('pingresp')
    before.end()
    const after = await connected(broker, session)
    await after.count('publish', 2)
    assert.deepEqual(payloads(after), ['2', '3'])
    assert.ok(after.packets.every(packet => packet.cmd !== 'publish' || packet.dup))
  })

  it('gets the backlog before what is published while the backlog is being sent', async () => {
    const broker = await openBroker()
    const before = await subscribed(broker, 'updates', 1, session)
    before.end()
    await before.gone()
    let n = 0
    const publish = () => broker.accept(update('updates', ++n, { qos: 1, body: Buffer.from(String(n)) }))
    while (n < 500) await publish()
    const after = rawClient(await tcp(broker))
    after.send({ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, keepalive: 0, ...session })
    while (n < 2000) {
      await publish()
      await new Promise(setImmediate)
    }
    await after.count('publish', 2000)
    assert.deepEqual(
      payloads(after).map(Number),
      Array.from({ length: 2000 }, (_, index) => index + 1)
    )
  })

  it('is owed a message once, however many of its filters match', async () => {
    const broker = await openBroker()
    const before = await subscribed(broker, 'updates', 1, session)
    before.send({ cmd: 'subscribe', messageId: 2, subscriptions: [{ topic: '#', qos: 1 }] })
    await before.next('suback')
    before.end()
    await before.gone()
    broker.accept(update('updates', 1, { qos: 1, body: Buffer.from('once') }))
    broker.accept(update('other', 2, { qos: 1, body: Buffer.from('last') }))
    const after = await connected(broker, session)
    await after.count('publish', 2)
    assert.deepEqual(payloads(after), ['once', 'last'])
  })

  it('is not given a refused filter when it comes back', async () => {
    const broker = await openBroker()
    const before = await connected(broker, session)
    before.send({
      cmd: 'subscribe',
      messageId: 1,
      subscriptions: [
        { topic: '$share/group/updates', qos: 1 },
        { topic: 'updates', qos: 1 }
      ]
    })
    assert.deepEqual((await before.next('suback')).granted, [0x80, 1])
    before.end()
    await before.gone()
    const after = await connected(broker, session)
    broker.accept(update('updates', 1, { qos: 1, body: Buffer.from('still') }))
    await after.count('publish', 1)
    assert.deepEqual(payloads(after), ['still'])
  })

  it('ends when its client comes with a clean session', async () => {
    const broker = await openBroker()
    const before = await subscribed(broker, 'updates', 1, session)
    before.end()
    await before.gone()
    broker.accept(update('updates', 1, { qos: 1 }))
    const clean = await connected(broker, { ...session, clean: true })
    clean.send({ cmd: 'disconnect' })
    await clean.gone()
    const after = rawClient(await tcp(broker))
    after.send({ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, keepalive: 0, ...session })
    assert.equal((await after.next('connack')).sessionPresent, false)
    after.send({ cmd: 'pingreq' })
    await after.next('pingresp')
    assert.deepEqual(payloads(after), [])
  })
})
