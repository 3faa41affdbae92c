import assert from 'node:assert/strict'
import type { AedesPublishPacket } from 'aedes'
import { systemClock } from '../../../lib/clock.js'
import type { DeliveryError } from '../../../lib/errors.js'
import type { LinkState } from '../../../lib/push/link.js'
import { type PublisherOptions, startPublisher } from '../../../lib/push/publisher.js'
import { type AedesBroker, startAedes } from '../../helpers/aedes-broker.js'
import { startMosquitto } from '../../helpers/mosquitto.js'
import { handed, numbered } from './subscribed.js'

describe('a publisher', () => {
  const closers: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close()
  })
  const broker = async (...args: Parameters<typeof startAedes>) => {
    const started = await startAedes(...args)
    closers.push(() => started.close())
    return started
  }
  const open = (url: string, more: Partial<PublisherOptions> = {}) => {
    const states: LinkState[] = []
    const errors: DeliveryError[] = []
    const waiting = new Set<() => void>()
    const publisher = startPublisher({
      endpoints: async () => [{ url }],
      clock: systemClock(),
      random: () => 0.05,
      clientId: `publisher-${Math.random().toString(36).slice(2)}`,
      onState(state) {
        states.push(state)
        for (const ask of waiting) ask()
      },
      onError: error => errors.push(error),
      ...more
    })
    closers.push(() => publisher.close())
    const state = (kind: LinkState['kind']) =>
      new Promise<void>(resolve => {
        const ask = () => {
          if (states.at(-1)?.kind !== kind) return
          waiting.delete(ask)
          resolve()
        }
        waiting.add(ask)
        ask()
      })
    return { publisher, states, errors, state }
  }
  const received = (server: AedesBroker): AedesPublishPacket[] => {
    const packets: AedesPublishPacket[] = []
    server.broker.on('publish', (packet, client) => client && packets.push(packet))
    return packets
  }

  for (const qos of [0, 1, 2] as const)
    it(`hands updates over in order at QoS ${qos}, the first ones before it is connected`, async () => {
      const server = await broker()
      const packets = received(server)
      const { publisher } = open(server.url)
      const origin = numbered()
      await Promise.all(Array.from({ length: 3000 }, () => publisher.publish(handed(origin, qos))))
      const until = performance.now() + 5000
      while (packets.length < 3000 && performance.now() < until)
        await new Promise(resolve => setImmediate(resolve))
      const sequences = packets.map(({ payload }) => Number(JSON.parse(String(payload)).sequence))
      assert.deepEqual(
        sequences,
        Array.from({ length: 3000 }, (_, n) => n + 1)
      )
      assert.ok(packets.every(packet => packet.qos === qos))
      assert.equal(publisher.totals().published, 3000)
      assert.equal(publisher.totals().waiting, 0)
    })

  it('fails an update at QoS 0 while there is no connection, rather than keep it', async () => {
    const server = await broker()
    await server.close()
    closers.splice(-1)
    const { publisher, state, errors } = open(server.url)
    const origin = numbered()
    // it waits for the first connection, which fails
    await assert.rejects(publisher.publish(handed(origin, 0)), { code: 'CONNECTION_LOST' })
    await state('retrying')
    await assert.rejects(publisher.publish(handed(origin, 0)), { code: 'CONNECTION_LOST' })
    assert.equal(publisher.totals().failed, 2)
    assert.equal(errors.length, 1)
    assert.equal(errors[0]?.code, 'CONNECT_FAILED')
  })

  it('keeps updates at QoS 1 for the next connection, and refuses more than it can hold', async () => {
    const server = await broker()
    await server.close()
    closers.splice(-1)
    const { publisher, state } = open(server.url, { maxWaiting: 3 })
    const origin = numbered()
    const kept = [1, 2, 3].map(() => publisher.publish(handed(origin, 1)))
    await assert.rejects(publisher.publish(handed(origin, 1)), { code: 'QUEUE_FULL' })
    await state('retrying')
    const again = await broker({ port: server.port })
    const packets = received(again)
    await Promise.all(kept)
    assert.deepEqual(
      packets.map(({ payload }) => Number(JSON.parse(String(payload)).sequence)),
      [1, 2, 3]
    )
  })

  it('gives up an update that ends every connection it goes out on', async () => {
    const server = await broker({
      options: {
        authorizePublish: (_client, packet, done) =>
          done(String(packet.payload).includes('poison') ? new Error('no') : null)
      }
    })
    const { publisher } = open(server.url, { random: () => 0 })
    const origin = numbered()
    const first = publisher.publish(handed(origin, 1, 'poison'))
    const second = publisher.publish(handed(origin, 1, 'food'))
    await assert.rejects(first, { code: 'HAND_OVER_FAILED' })
    await second
  })

  it('refuses a topic that no broker takes, rather than reconnect for ever', async () => {
    const server = await broker()
    const { publisher } = open(server.url)
    await assert.rejects(publisher.publish({ ...handed(numbered(), 1), stream: 'a/#' }), {
      code: 'STREAM_INVALID'
    })
  })

  it('fails what waits when it is closed', async () => {
    const server = await broker()
    await server.close()
    closers.splice(-1)
    const { publisher } = open(server.url)
    const waits = publisher.publish(handed(numbered(), 1))
    const failed = assert.rejects(waits, { code: 'SERVER_CLOSED' })
    await publisher.close()
    await failed
    await assert.rejects(publisher.publish(handed(numbered(), 1)), { code: 'SERVER_CLOSED' })
  })

  it('loses no QoS 1 update when Mosquitto is killed and comes back', async () => {
    const mosquitto = await startMosquitto()
    closers.push(() => mosquitto.close())
    const { publisher, state } = open(mosquitto.url)
    const origin = numbered()
    await publisher.publish(handed(origin, 1))
    await mosquitto.kill()
    await state('retrying')
    const later = [2, 3, 4].map(() => publisher.publish(handed(origin, 1)))
    await mosquitto.start()
    await Promise.all(later)
    assert.equal(publisher.totals().published, 4)
    assert.equal(publisher.totals().reconnects, 1)
  })
})
