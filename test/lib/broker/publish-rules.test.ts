import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { Aedes } from 'aedes'
import { publishRules } from '../../../lib/broker/publish-rules.js'
import { Tally } from '../../../lib/broker/tally.js'
import type { Qos } from '../../../lib/update/update.js'
import {
  afterTest,
  closeParties,
  connected,
  openBroker,
  payloads,
  rawClient,
  subscribed,
  tcp,
  update
} from './parties.js'

const publish = (topic: string, qos: Qos, payload = 'x', messageId = 1) =>
  ({
    cmd: 'publish',
    topic,
    payload,
    qos,
    retain: false,
    dup: false,
    ...(qos > 0 ? { messageId } : {})
  }) as const

/** A PUBLISH whose topic is any bytes. */
const rawPublish = (topic: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([0x30, topic.length + 3, 0, topic.length]), topic, Buffer.from('x')])

describe('a PUBLISH', () => {
  afterEach(closeParties)

  const acknowledged = { 1: 'puback', 2: 'pubrec' } as const
  for (const qos of [1, 2] as const)
    it(`to $SYS at QoS ${qos} is acknowledged, dropped and counted, and the client stays`, async () => {
      const broker = await openBroker()
      const listener = await subscribed(broker, '$SYS/mine')
      const client = await connected(broker)
      client.send(publish('$SYS/mine', qos))
      await client.next(acknowledged[qos])
      client.send(publish('mine', 1, 'x', 2))
      await client.next('puback')
      listener.send({ cmd: 'pingreq' })
      await listener.next('pingresp')
      assert.deepEqual(payloads(listener), [])
      assert.deepEqual(broker.counters().limits, { reservedTopic: 1 })
      assert.equal(broker.counters().dropped, 1)
    })

  const malformed: readonly [string, Uint8Array][] = [
    ['a wildcard +', Buffer.from('a/+')],
    ['a wildcard #', Buffer.from('a/#')],
    ['a NUL', Buffer.from('a\0b')],
    ['ill-formed UTF-8', Buffer.from([0x61, 0xff, 0xfe])],
    ['half a surrogate pair', Buffer.from([0xed, 0xa0, 0x80])],
    ['nothing', Buffer.alloc(0)]
  ]
  for (const [what, topic] of malformed)
    it(`whose topic has ${what} ends its connection and reaches nobody`, async () => {
      const broker = await openBroker()
      const listener = await subscribed(broker, '#')
      const client = await connected(broker)
      client.write(rawPublish(topic))
      await client.gone()
      broker.accept(update('after', 1, { body: Buffer.from('after') }))
      await listener.count('publish', 1)
      assert.deepEqual(payloads(listener), ['after'])
    })

  it('with more levels than the broker can match ends its connection only', async () => {
    const broker = await openBroker()
    const client = await connected(broker)
    client.send(publish('a/'.repeat(150), 0))
    await client.gone()
    await connected(broker)
  })

  it('on one of our streams is allowed, and counted for those who wonder where it came from', async () => {
    const broker = await openBroker({ streams: ['updates'] })
    const listener = await subscribed(broker, 'updates')
    const client = await connected(broker)
    client.send(publish('updates', 0, 'foreign'))
    await listener.count('publish', 1)
    assert.deepEqual(payloads(listener), ['foreign'])
    assert.deepEqual(broker.counters().limits, { foreignPublish: 1 })
    assert.equal(broker.counters().dropped + broker.counters().refused, 0)
  })

  for (const qos of [0, 1, 2] as const)
    it(`reaches subscribers once and in order at QoS ${qos}`, async () => {
      const broker = await openBroker()
      const listener = await subscribed(broker, 'updates', qos)
      const client = await connected(broker)
      for (let n = 1; n <= 500; n++) client.send(publish('updates', qos, String(n), n))
      await listener.count('publish', 500)
      const got = payloads(listener).map(Number)
      assert.deepEqual(
        got,
        Array.from({ length: 500 }, (_, n) => n + 1)
      )
      if (qos === 1) {
        await client.count('puback', 500)
        assert.deepEqual(
          client.packets.flatMap(packet => (packet.cmd === 'puback' ? [packet.messageId] : [])),
          got
        )
      }
    })
})

describe('a message published at QoS 2', () => {
  afterEach(closeParties)

  for (const filter of ['updates', '+', '#'])
    it(`arrives at QoS 1 where ${filter} was granted QoS 1, live and from the session`, async () => {
      const broker = await openBroker()
      const session = { clientId: 'one', clean: false }
      const live = await subscribed(broker, filter, 1, session)
      broker.accept(update('updates', 1, { qos: 2 }))
      assert.equal((await live.next('publish')).qos, 1)
      live.end()
      const later = await connected(broker, session)
      assert.equal((await later.next('publish')).qos, 1)
    })
})

describe('a PUBACK', () => {
  afterEach(closeParties)

  /** Plain Aedes with our publish rules over a store that fails. */
  async function brokerWithFailingStore(stored: string[]) {
    const broker = await Aedes.createBroker()
    const { persistence } = broker as unknown as {
      persistence: { storeRetained(packet: { topic: string }): unknown }
    }
    persistence.storeRetained = ({ topic }) => {
      stored.push(topic)
      const failure = new Error('disk full')
      // biome-ignore lint/suspicious/noThenProperty: settles within the call, as our persistence does
      return { then: (_resolved: unknown, rejected: (error: Error) => void) => rejected(failure) }
    }
    broker.authorizePublish = publishRules({ broker, tally: new Tally(), isOurs: () => false })
    const server = createServer(socket => void broker.handle(socket))
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    afterTest(() => new Promise<void>(resolve => broker.close(() => server.close(() => resolve()))))
    const address = server.address()
    return {
      address: {
        host: '127.0.0.1',
        port: typeof address === 'object' ? (address?.port ?? 0) : 0,
        wsPort: null
      }
    }
  }

  it('does not go out when the message could not be stored', async () => {
    const stored: string[] = []
    const broker = await brokerWithFailingStore(stored)
    const client = rawClient(await tcp(broker))
    client.send({
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 4,
      clean: true,
      clientId: 'p',
      keepalive: 0
    })
    await client.next('connack')
    client.send({ ...publish('kept', 1), retain: true })
    await client.gone()
    assert.deepEqual(stored, ['kept'])
    assert.deepEqual(
      client.packets.map(({ cmd }) => cmd),
      ['connack']
    )
  })
})
