import assert from 'node:assert/strict'
import { systemClock } from '../../../lib/clock.js'
import { startPublisher } from '../../../lib/push/publisher.js'
import { newSubscriberMemory } from '../../../lib/push/subscriber-memory.js'
import { freePort, startMosquitto } from '../../helpers/mosquitto.js'
import { handed, numbered, subscribed } from './subscribed.js'

describe('a subscriber of a real Mosquitto', () => {
  const closers: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close()
  })
  const mosquitto = async (...args: Parameters<typeof startMosquitto>) => {
    const started = await startMosquitto(...args)
    closers.push(() => started.close())
    return started
  }
  const listen = (...args: Parameters<typeof subscribed>) => {
    const party = subscribed(...args)
    closers.push(() => party.subscriber.close())
    return party
  }
  const publisher = (url: string, credentials: { username?: string; password?: string } = {}) => {
    const started = startPublisher({
      endpoints: async () => [{ url, ...credentials }],
      clock: systemClock(),
      random: () => 0.05,
      clientId: `publisher-${Math.random().toString(36).slice(2)}`,
      onState() {},
      onError() {}
    })
    closers.push(() => started.close())
    return started
  }

  it('needs the right password, and says so', async () => {
    const server = await mosquitto([], { ann: 'secret' })
    const wrong = listen({ url: server.url, username: 'ann', password: 'guess' })
    await wrong.until(() => wrong.errors.length === 1)
    assert.equal(wrong.errors[0]?.code, 'NOT_AUTHORIZED')
    assert.match(String(wrong.errors[0]?.message), /return code 5/)
    const right = listen({ url: server.url, username: 'ann', password: 'secret' })
    await right.subscribed()
    await publisher(server.url, { username: 'ann', password: 'secret' }).publish(handed(numbered(), 1))
    await right.until(() => right.deliveries.length === 1)
  })

  it('goes on when the broker was killed and started again', async () => {
    const server = await mosquitto()
    const party = listen({ url: server.url })
    await party.subscribed()
    await server.kill()
    await party.until(() => party.states.at(-1)?.kind === 'retrying')
    await server.start()
    await party.subscribed()
    await publisher(server.url).publish(handed(numbered(), 1))
    await party.until(() => party.deliveries.length === 1)
    assert.equal(party.deliveries[0]?.since, party.exchanges[0]?.since)
  })

  for (const qos of [1, 2] as const)
    it(`gets from its persistent session what came at QoS ${qos} while it was away, each once and in order`, async () => {
      const server = await mosquitto()
      const session = { session: 'persistent', clientId: `kept-${qos}`, qos } as const
      const first = listen({ url: server.url }, session)
      await first.subscribed()
      await first.subscriber.close()
      const origin = numbered()
      const sender = publisher(server.url)
      for (let n = 0; n < 50; n += 1) await sender.publish(handed(origin, qos))
      const second = listen({ url: server.url }, session)
      await second.until(() => second.deliveries.length === 50)
      await sender.publish(handed(origin, qos))
      await second.until(() => second.deliveries.length === 51)
      assert.deepEqual(
        second.deliveries.map(({ sequence }) => sequence),
        Array.from({ length: 51 }, (_, n) => n + 1)
      )
      // the run began with the CONNACK of the resumed session: what is older is catch-up
      assert.ok(second.deliveries.slice(0, 50).every(({ catchUp, duplicate }) => catchUp && !duplicate))
      assert.equal(second.deliveries[50]?.catchUp, false)
      assert.deepEqual(second.losses, [])
    })

  for (const qos of [1, 2] as const)
    it(`leaves unacknowledged at QoS ${qos} what it had not handed on when it was closed`, async () => {
      const server = await mosquitto()
      const session = { session: 'persistent', clientId: `slow-${qos}`, qos } as const
      const never = () => new Promise<never>(() => {})
      const first = listen(
        { url: server.url },
        { ...session, finders: { id: null, time: null, value: never } }
      )
      await first.subscribed()
      const origin = numbered()
      await publisher(server.url).publish(handed(origin, qos))
      // until the message has come, and waits for its value
      const before = first.subscriber.report().totals.bytesReceived
      while (first.subscriber.report().totals.bytesReceived < before + 200)
        await new Promise(resolve => setImmediate(resolve))
      await first.subscriber.close()
      assert.equal(first.deliveries.length, 0)
      const second = listen({ url: server.url }, session)
      await second.until(() => second.deliveries.length === 1)
      assert.equal(second.deliveries[0]?.sequence, 1)
    })

  it('lets go of the filter that its session held before', async () => {
    const server = await mosquitto()
    const session = {
      session: 'persistent',
      clientId: 'moved',
      qos: 1,
      memory: newSubscriberMemory()
    } as const
    const first = listen({ url: server.url }, { ...session, topicFilter: 'old' })
    await first.subscribed()
    await first.subscriber.close()
    const second = listen({ url: server.url }, { ...session, topicFilter: 'new' })
    await second.subscribed()
    const sender = publisher(server.url)
    await sender.publish(handed(numbered('old'), 1))
    await sender.publish(handed(numbered('new'), 1))
    await second.until(() => second.deliveries.length === 1)
    assert.equal(second.deliveries[0]?.stream, 'new')
  })

  it('has the broker forget its session when nobody will come back for it', async () => {
    const server = await mosquitto()
    const session = { session: 'persistent', clientId: 'deleted', qos: 1 } as const
    const first = listen({ url: server.url }, session)
    await first.subscribed()
    await first.subscriber.close({ forget: true })
    const sender = publisher(server.url)
    const origin = numbered()
    await sender.publish(handed(origin, 1))
    const second = listen({ url: server.url }, session)
    await second.subscribed()
    await sender.publish(handed(origin, 1))
    await second.until(() => second.deliveries.length === 1)
    assert.equal(second.deliveries[0]?.sequence, 2)
  })

  it('speaks WebSocket', async () => {
    const webPort = await freePort()
    const server = await mosquitto([`listener ${webPort} 127.0.0.1`, 'protocol websockets'])
    const party = listen({ url: `ws://127.0.0.1:${webPort}` })
    await party.subscribed()
    await publisher(server.url).publish(handed(numbered(), 1))
    await party.until(() => party.deliveries.length === 1)
  })
})
