import assert from 'node:assert/strict'
import mqtt, { type Packet } from 'mqtt-packet'
import { PacketGuard } from '../../../lib/broker/packet-guard.js'
import { closeParties, connected, connectPacket, openBroker, rawClient, tcp } from './parties.js'

/** The fixed header of a packet that declares `length` bytes to follow. */
function header(first: number, length: number): Buffer {
  const bytes = [first]
  let rest = length
  do {
    bytes.push((rest % 128) | (rest >= 128 ? 0x80 : 0))
    rest = Math.floor(rest / 128)
  } while (rest > 0)
  return Buffer.from(bytes)
}

const publish = (payload: string): Buffer =>
  mqtt.generate({ cmd: 'publish', topic: 'a', payload, qos: 0, retain: false, dup: false })

describe('the packet guard', () => {
  const connect = mqtt.generate(connectPacket())

  it('lets packets through in whatever pieces they come', () => {
    const bytes = Buffer.concat([connect, publish('x'.repeat(300)), publish(''), publish('y')])
    for (const size of [1, 2, 3, 7, bytes.length]) {
      const guard = new PacketGuard(1000, 1000)
      guard.open()
      for (let at = 0; at < bytes.length; at += size)
        assert.equal(guard.check(bytes.subarray(at, at + size)), null)
    }
  })

  it('stops a CONNECT that declares 200 MB at its header', () => {
    assert.equal(new PacketGuard(1000, 10_000).check(header(0x10, 200_000_000)), 'maxConnectBytes')
  })

  it('allows full packets only once the peer has been let in', () => {
    const guard = new PacketGuard(100, 1000)
    assert.equal(guard.check(connect), null)
    guard.open()
    assert.equal(guard.check(publish('x'.repeat(990))), null)
    assert.equal(guard.check(publish('x'.repeat(1000))), 'maxPacketBytes')

    const early = new PacketGuard(100, 1000)
    early.check(connect)
    assert.equal(early.check(publish('x'.repeat(100))), 'maxConnectBytes')
  })

  it('counts the header: a packet of exactly the limit passes, one byte more does not', () => {
    const exact = publish('x'.repeat(90))
    for (const [limit, fault] of [
      [exact.length, null],
      [exact.length - 1, 'maxPacketBytes']
    ] as const) {
      const guard = new PacketGuard(1000, limit)
      guard.check(connect)
      guard.open()
      assert.equal(guard.check(exact), fault)
    }
  })

  it('stops what does not begin with a CONNECT, and a length of five bytes', () => {
    assert.equal(new PacketGuard(1000, 1000).check(Buffer.from('GET / HTTP/1.1\r\n')), 'malformed')
    const endless = Buffer.from([0x10, 0x80, 0x80, 0x80, 0x80, 0x01])
    assert.equal(new PacketGuard(1000, 1000).check(endless), 'malformed')
  })
})

describe('a peer that sends', () => {
  afterEach(closeParties)

  const limits = { connectTimeoutMs: 500 }
  const refusals: readonly [string, Uint8Array, string][] = [
    ['nothing', Buffer.alloc(0), 'connectTimeoutMs'],
    ['half a CONNECT', mqtt.generate(connectPacket()).subarray(0, 9), 'connectTimeoutMs'],
    ['a CONNECT that declares 200 MB', header(0x10, 200_000_000), 'maxConnectBytes'],
    ['garbage', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'), 'malformed']
  ]
  for (const [what, bytes, limit] of refusals)
    it(`${what} is cut off and counted, and others are served`, async () => {
      const broker = await openBroker({ limits })
      const peer = rawClient(await tcp(broker))
      peer.write(bytes)
      await peer.gone()
      assert.deepEqual(broker.counters().limits, { [limit]: 1 })
      assert.equal(broker.counters().refused, 1)
      await connected(broker)
    })

  it('200 MB in small pieces after half a CONNECT is cut off at the limit', async () => {
    const broker = await openBroker({ limits: { maxConnectBytes: 1000 } })
    const peer = rawClient(await tcp(broker))
    peer.write(header(0x10, 1001))
    await peer.gone()
    assert.deepEqual(broker.counters().limits, { maxConnectBytes: 1 })
  })

  it('a packet above maxPacketBytes is cut off after it was let in, and one at the limit is not', async () => {
    const broker = await openBroker({ maxPacketBytes: 100_000, limits })
    const peer = await connected(broker)
    const packet = (payload: number): Packet => ({
      cmd: 'publish',
      topic: 'a',
      payload: 'x'.repeat(payload),
      qos: 1,
      messageId: 7,
      retain: false,
      dup: false
    })
    peer.send(packet(99_000))
    await peer.next('puback')
    peer.send(packet(100_000))
    await peer.gone()
    assert.deepEqual(broker.counters().limits, { maxPacketBytes: 1 })
  })

  it('a CONNECT in time stays connected after the time-out', async () => {
    const broker = await openBroker({ limits })
    const client = await connected(broker)
    const late = rawClient(await tcp(broker))
    await late.gone()
    client.send({ cmd: 'pingreq' })
    await client.next('pingresp')
  })
})
