import assert from 'node:assert/strict'
import mqtt from 'mqtt'
import { type AccessOptions, createAccess } from '../../../lib/broker/access.js'
import {
  closeParties,
  connected,
  connectPacket,
  openBroker,
  payloads,
  rawClient,
  subscribed,
  tcp
} from './parties.js'

const secret = (text: string): Buffer => Buffer.from(text)

describe('access', () => {
  const judge = (options: Partial<AccessOptions>) =>
    createAccess({ username: null, password: null, anonymous: false, ...options })

  it('is open to everybody while no credentials are set, whatever a client sends', () => {
    const open = judge({})
    for (const name of [null, undefined, '', 'someone'])
      for (const password of [null, undefined, secret('x')]) assert.equal(open(name, password), 'allowed')
  })

  it('demands both once they are set, and survives clients that send neither', () => {
    const closed = judge({ username: 'me', password: 'secret' })
    assert.equal(closed('me', secret('secret')), 'allowed')
    assert.equal(closed('me', secret('Secret')), 'wrong')
    assert.equal(closed('me', null), 'wrong')
    assert.equal(closed('you', secret('secret')), 'wrong')
    assert.equal(closed(null, secret('secret')), 'wrong')
    assert.equal(closed('me', secret('')), 'wrong')
    for (const nothing of [null, undefined]) assert.equal(closed(nothing, nothing), 'missing')
  })

  it('lets anonymous clients in beside those with credentials when told to, but no wrong ones', () => {
    const both = judge({ username: 'me', password: 'secret', anonymous: true })
    assert.equal(both(null, null), 'allowed')
    assert.equal(both('me', secret('secret')), 'allowed')
    assert.equal(both('me', secret('guess')), 'wrong')
  })
})

describe('a CONNECT', () => {
  afterEach(closeParties)

  const credentials = { username: 'me', password: 'secret' }

  it('one client without a password crashes nothing: it is refused with 5, counted, and others are served', async () => {
    const broker = await openBroker(credentials)
    for (const attempt of [{}, { username: 'me' }]) {
      const client = rawClient(await tcp(broker))
      client.send(connectPacket(attempt))
      const code = (await client.next('connack')).returnCode
      assert.ok(code === 4 || code === 5, `return code ${code}`)
      await client.gone()
    }
    await connected(broker, { username: 'me', password: secret('secret') })
    assert.deepEqual(broker.counters().limits, { credentials: 2 })
    assert.equal(broker.counters().refused, 2)
    assert.deepEqual(
      broker.notices.map(({ code }) => code),
      ['NOT_AUTHORIZED']
    )
  })

  it('with a wrong password is refused with 4', async () => {
    const broker = await openBroker(credentials)
    const client = rawClient(await tcp(broker))
    client.send(connectPacket({ username: 'me', password: secret('guess') }))
    assert.equal((await client.next('connack')).returnCode, 4)
    await client.gone()
  })

  it('of MQTT 5 is refused with 1, counted, and named in a notice', async () => {
    const broker = await openBroker()
    const client = rawClient(await tcp(broker))
    client.send(connectPacket({ protocolVersion: 5, clientId: 'modern' }))
    assert.equal((await client.next('connack')).returnCode, 1)
    await client.gone()
    assert.deepEqual(broker.counters().limits, { mqtt5: 1 })
    assert.equal(broker.notices[0]?.code, 'MQTT5_REFUSED')
    assert.match(broker.notices[0]?.message ?? '', /client modern spoke MQTT 5; set it to 3\.1\.1/)
  })

  it('of MQTT 5 that is repeated fills no log', async () => {
    const broker = await openBroker()
    for (let n = 0; n < 20; n++) {
      const client = rawClient(await tcp(broker))
      client.send(connectPacket({ protocolVersion: 5 }))
      await client.gone()
    }
    assert.equal(broker.counters().limits.mqtt5, 20)
    assert.equal(broker.notices.length, 1)
  })

  it('of mqtt.js set to MQTT 5 fails with a reason', async () => {
    const broker = await openBroker()
    const client = mqtt.connect(`mqtt://127.0.0.1:${broker.address.port}`, {
      protocolVersion: 5,
      reconnectPeriod: 0
    })
    await new Promise<unknown>(resolve => {
      client.on('error', resolve)
      client.on('close', () => resolve(null))
    })
    await client.endAsync(true)
    assert.deepEqual(broker.counters().limits, { mqtt5: 1 })
  })

  it('without client id but with a session to keep is refused with 2 [MQTT-3.1.3-8]', async () => {
    const broker = await openBroker()
    const client = rawClient(await tcp(broker))
    // CONNECT, "MQTT", level 4, no flags: clean session 0, keep alive 0, empty client id
    client.write(Buffer.from([0x10, 12, 0, 4, 77, 81, 84, 84, 4, 0, 0, 0, 0, 0]))
    assert.equal((await client.next('connack')).returnCode, 2)
    await client.gone()
    assert.deepEqual(broker.counters().limits, { clientId: 1 })
    const clean = await connected(broker, { clientId: '', clean: true })
    assert.equal(clean.closed, false)
  })

  it('with a will on a wildcard topic is cut off', async () => {
    const broker = await openBroker()
    const client = rawClient(await tcp(broker))
    client.send(connectPacket({ will: { topic: 'a/#', payload: secret('x'), qos: 0, retain: false } }))
    await client.gone()
    assert.deepEqual(broker.counters().limits, { malformed: 1 })
  })

  it('takes over from an older connection with its client id [MQTT-3.1.4-2]', async () => {
    const broker = await openBroker()
    const older = await subscribed(broker, 'updates', 0, { clientId: 'same' })
    await subscribed(broker, 'updates', 0, { clientId: 'same' })
    await older.gone()
    assert.deepEqual(payloads(older), [])
  })

  it('comes with its will, which is published when the connection breaks', async () => {
    const broker = await openBroker()
    const heir = await subscribed(broker, 'gone')
    const client = await connected(broker, {
      will: { topic: 'gone', payload: secret('bye'), qos: 0, retain: false }
    })
    client.end()
    await heir.count('publish', 1)
    assert.deepEqual(payloads(heir), ['bye'])
  })
})
