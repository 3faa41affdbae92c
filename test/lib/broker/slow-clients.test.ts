import assert from 'node:assert/strict'
import { settle } from '../../helpers/fake-clock.js'
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

const BODY = Buffer.alloc(16_384, 'x')
/** More than the kernel's buffers and the broker's take together. */
const FLOOD = 1500

describe('a subscriber that does not read', () => {
  afterEach(closeParties)

  it('costs another nothing: at QoS 0 its own messages are dropped and counted', async () => {
    const broker = await openBroker()
    const frozen = await subscribed(broker, 'updates')
    frozen.stream.pause()
    const healthy = await subscribed(broker, 'updates')
    for (let n = 1; n <= FLOOD; n++) {
      broker.accept(update('updates', n, { body: BODY }))
      if (n % 10 === 0) await healthy.count('publish', n)
    }
    await healthy.count('publish', FLOOD)
    const { clientBufferBytes: dropped = 0 } = broker.counters().limits
    assert.ok(dropped > 0 && dropped < FLOOD, `${dropped} dropped`)
    assert.equal(broker.counters().dropped, dropped)
    frozen.stream.resume()
    await frozen.count('publish', FLOOD - dropped)
    assert.equal(frozen.closed, false)
  })

  it('at QoS 1 is disconnected, and its session keeps the messages', async () => {
    const broker = await openBroker()
    const session = { clientId: 'slow', clean: false }
    const frozen = await subscribed(broker, 'updates', 1, session)
    frozen.stream.pause()
    for (let n = 1; n <= FLOOD; n++) {
      broker.accept(update('updates', n, { qos: 1, body: Buffer.concat([BODY, Buffer.from(String(n))]) }))
      if (n % 10 === 0) await settle()
    }
    assert.equal(broker.counters().limits.slowClient, 1)
    assert.equal(broker.notices.at(-1)?.code, 'QUEUE_FULL')
    assert.match(broker.notices.at(-1)?.message ?? '', /slow/)
    frozen.stream.resume()
    await frozen.gone()

    // the default keeps 16 MiB a session: the newest ones
    const again = await connected(broker, session)
    const kept = Math.floor(16_777_216 / (BODY.length + 4 + 'updates'.length))
    await again.count('publish', kept)
    assert.equal(payloads(again).at(-1), `${BODY}${FLOOD}`)
    assert.equal(broker.counters().dropped, FLOOD - kept)
  })

  it('is disconnected when it took nothing for the stall time-out', async () => {
    const broker = await openBroker({ limits: { stallTimeoutMs: 50 } })
    const frozen = await subscribed(broker, 'updates')
    frozen.stream.pause()
    for (let n = 1; broker.counters().connections > 0; n++) {
      broker.accept(update('updates', n, { body: BODY }))
      await settle()
    }
    assert.equal(broker.counters().limits.stallTimeoutMs, 1)
  })

  it('holds a pipelining publisher up once and shortly, not for every message', async () => {
    const broker = await openBroker({ limits: { drainWaitMs: 20 } })
    const frozen = await subscribed(broker, 'updates')
    frozen.stream.pause()
    const publisher = rawClient(await tcp(broker))
    publisher.send({
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 4,
      clean: true,
      clientId: 'p',
      keepalive: 0
    })
    await publisher.next('connack')
    for (let n = 0; n < FLOOD; n++)
      publisher.send({ cmd: 'publish', topic: 'updates', payload: BODY, qos: 0, retain: false, dup: false })
    publisher.send({
      cmd: 'publish',
      topic: 'other',
      payload: '',
      qos: 1,
      messageId: 1,
      retain: false,
      dup: false
    })
    await publisher.next('puback')
    // Aedes' own wait ends only with the connection of the one that does not read
    assert.equal(broker.counters().connections, 2)
    assert.ok((broker.counters().limits.clientBufferBytes ?? 0) > 0)
  })
})

describe('a subscriber that reads', () => {
  afterEach(closeParties)

  it('slows its publisher down instead of losing messages', async () => {
    const broker = await openBroker()
    const subscriber = await subscribed(broker, 'updates')
    const publisher = await connected(broker)
    for (let n = 0; n < 20_000; n++)
      publisher.send({
        cmd: 'publish',
        topic: 'updates',
        payload: String(n).padStart(200),
        qos: 0,
        retain: false,
        dup: false
      })
    await subscriber.count('publish', 20_000)
    assert.deepEqual(
      payloads(subscriber).map(Number),
      Array.from({ length: 20_000 }, (_, n) => n)
    )
    assert.deepEqual(broker.counters().limits, {})
  })
})
