import assert from 'node:assert/strict'
import { type EventEmitter, once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { connect as connectTls } from 'node:tls'
import { connectAsync, type IClientOptions } from 'mqtt'
import mqttPacket from 'mqtt-packet'
import { createWebSocketStream, WebSocket } from 'ws'
import { startBroker } from '../../../lib/broker/broker.js'
import { isForeignOrigin } from '../../../lib/broker/websocket-upgrade.js'
import type { ThreadServer } from '../../../lib/thread/thread-server.js'
import { selfSigned } from '../../helpers/certificate.js'
import { settle } from '../../helpers/fake-clock.js'
import {
  afterTest,
  BROKER,
  closeParties,
  connected,
  connectPacket,
  openBroker,
  payloads,
  rawClient,
  subscribed,
  type TestBroker,
  tcp,
  update
} from './parties.js'

/** One update there and back with mqtt.js. */
async function roundTrip(broker: TestBroker, url: string, options: IClientOptions = {}): Promise<void> {
  const client = await connectAsync(url, { reconnectPeriod: 0, ...options })
  await client.subscribeAsync('updates', { qos: 1 })
  const body = Buffer.alloc(100_000, 'x')
  const arrived = new Promise<Buffer>(resolve => client.on('message', (_topic, payload) => resolve(payload)))
  broker.accept(update('updates', 1, { body, qos: 1 }))
  assert.ok(body.equals(await arrived))
  await client.publishAsync('back', 'x'.repeat(100_000), { qos: 1 })
  await client.endAsync()
}

const closed = (peer: EventEmitter): Promise<void> =>
  new Promise(resolve => void peer.on('close', () => resolve()))

/** The status that a WebSocket upgrade is refused with, or 101. */
function upgradeStatus(broker: ThreadServer, headers: Record<string, string> = {}): Promise<number> {
  const socket = new WebSocket(`ws://127.0.0.1:${broker.address.wsPort}`, 'mqtt', { headers })
  return new Promise((resolve, reject) => {
    socket.on('open', () => {
      socket.terminate()
      resolve(101)
    })
    socket.on('unexpected-response', (_request, response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    socket.on('error', reject)
  })
}

describe('the broker over TLS', () => {
  const tls = selfSigned()
  afterEach(closeParties)

  it('serves mqtts and wss on free ports', async () => {
    const broker = await openBroker({ tls, wsPort: 0 })
    await roundTrip(broker, `mqtts://127.0.0.1:${broker.address.port}`, { ca: tls.cert })
    await roundTrip(broker, `wss://127.0.0.1:${broker.address.wsPort}`, { ca: tls.cert })
  })

  it('counts clients that fail the handshake or never begin it, and goes on', async () => {
    const broker = await openBroker({ tls, limits: { connectTimeoutMs: 1000 } })
    const plain = rawClient(await tcp(broker))
    plain.send(connectPacket())
    await plain.gone()
    const distrustful = connectTls({ host: '127.0.0.1', port: broker.address.port })
    distrustful.on('error', () => {})
    await closed(distrustful)
    const silent = rawClient(await tcp(broker))
    await silent.gone()
    const { tlsHandshake = 0, connectTimeoutMs = 0 } = broker.counters().limits
    assert.ok(tlsHandshake >= 1, `${tlsHandshake} failed handshakes`)
    assert.equal(connectTimeoutMs, 1)
    await roundTrip(broker, `mqtts://127.0.0.1:${broker.address.port}`, { ca: tls.cert })
  })

  const invalid = {
    'no key': { cert: tls.cert },
    'no certificate': { key: tls.key },
    'another key': { key: selfSigned().key, cert: tls.cert },
    garbage: { key: 'key', cert: 'cert' }
  }
  for (const [what, bad] of Object.entries(invalid))
    it(`refuses ${what} with TLS_INVALID and leaves no port open`, async () => {
      await assert.rejects(
        startBroker({ ...BROKER, tls: bad }, () => {}),
        { code: 'TLS_INVALID' }
      )
    })
})

describe('the broker over WebSocket', () => {
  afterEach(closeParties)

  it('serves subprotocol mqtt, beside TCP', async () => {
    const broker = await openBroker({ wsPort: 0 })
    assert.notEqual(broker.address.wsPort, broker.address.port)
    await roundTrip(broker, `ws://127.0.0.1:${broker.address.wsPort}`)
    await roundTrip(broker, `mqtt://127.0.0.1:${broker.address.port}`)
  })

  const open = async (broker: ThreadServer) => {
    const socket = new WebSocket(`ws://127.0.0.1:${broker.address.wsPort}`, ['mqtt'])
    await once(socket, 'open')
    afterTest(() => socket.terminate())
    return socket
  }

  it('takes packets in whatever messages they come, and sends a whole packet in one message', async () => {
    const broker = await openBroker({ wsPort: 0 })
    const socket = await open(broker)
    assert.equal(socket.protocol, 'mqtt')
    const bytes = Buffer.concat([
      mqttPacket.generate(connectPacket()),
      mqttPacket.generate({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'updates', qos: 0 }] })
    ])
    for (const byte of bytes) socket.send(Buffer.from([byte]))
    const messages: Buffer[] = []
    socket.on('message', (data: Buffer) => messages.push(data))
    while (Buffer.concat(messages).length < 9) await once(socket, 'message')
    messages.length = 0
    broker.accept(update('updates', 1, { body: Buffer.from('whole') }))
    while (messages.length < 1) await once(socket, 'message')
    const whole = mqttPacket.generate({
      ...{ cmd: 'publish', topic: 'updates', payload: 'whole', qos: 0, retain: false, dup: false }
    } as const)
    assert.ok(messages[0]?.equals(whole))
  })

  it('ends a connection that sends text [MQTT-6.0.0-1], or a message above the limit', async () => {
    const broker = await openBroker({ wsPort: 0, maxPacketBytes: 1000 })
    const text = await open(broker)
    text.send('hello')
    await closed(text)
    const large = await open(broker)
    large.on('error', () => {})
    large.send(Buffer.alloc(1_000_000))
    await closed(large)
    while (broker.counters().connections > 0) await settle()
    assert.deepEqual(broker.counters().limits, { webSocket: 1, maxConnectBytes: 1 })
  })

  it('buffers no more before the CONNECT is through than over TCP', async () => {
    const broker = await openBroker({
      wsPort: 0,
      maxPacketBytes: 10_000_000,
      limits: { maxConnectBytes: 10_000 }
    })
    const socket = await open(broker)
    socket.on('error', () => {})
    // one message of 5 MB that never ends
    const { _socket: raw } = socket as unknown as { _socket: NodeJS.WritableStream }
    const header = Buffer.alloc(14)
    header[0] = 0x82
    header[1] = 0xff
    header.writeBigUInt64BE(5_000_000n, 2)
    raw.write(Buffer.concat([header, Buffer.alloc(100_000)]))
    await closed(socket)
    assert.deepEqual(broker.counters().limits, { maxConnectBytes: 1 })
  })

  it('ends a client that announces a message far above maxPacketBytes before it is buffered', async () => {
    const broker = await openBroker({ wsPort: 0, maxPacketBytes: 1000 })
    const socket = await open(broker)
    socket.on('error', () => {})
    socket.send(mqttPacket.generate(connectPacket()))
    await once(socket, 'message')
    const { _socket: raw } = socket as unknown as { _socket: NodeJS.WritableStream }
    const header = Buffer.alloc(14)
    header[0] = 0x82
    header[1] = 0xff
    header.writeBigUInt64BE(50_000_000n, 2)
    raw.write(header)
    await closed(socket)
    assert.deepEqual(broker.counters().limits, { maxPacketBytes: 1 })
  })

  it('does not lose what a slow reader is owed: 2 000 messages to one that pauses', async () => {
    const broker = await openBroker({ wsPort: 0, limits: { clientBufferBytes: 100_000_000 } })
    const socket = await open(broker)
    const client = rawClient(createWebSocketStream(socket))
    client.send(connectPacket())
    await client.next('connack')
    client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'updates', qos: 0 }] })
    await client.next('suback')
    client.stream.pause()
    for (let n = 1; n <= 2000; n++)
      broker.accept(update('updates', n, { body: Buffer.from(String(n).padStart(10_000)) }))
    client.stream.resume()
    await client.count('publish', 2000)
    assert.deepEqual(
      payloads(client).map(Number),
      Array.from({ length: 2000 }, (_, n) => n + 1)
    )
  })

  it('answers plain HTTP with 426 and cuts off what is no HTTP or does nothing', async () => {
    const broker = await openBroker({ wsPort: 0, limits: { connectTimeoutMs: 1000 } })
    const [response] = (await once(
      get({ host: '127.0.0.1', port: broker.address.wsPort, agent: false }),
      'response'
    )) as [IncomingMessage]
    response.resume()
    assert.equal(response.statusCode, 426)
    for (const bytes of ['\0\0\0', 'GET / HT', '']) {
      const peer = rawClient(await tcp({ address: { ...broker.address, port: broker.address.wsPort ?? 0 } }))
      peer.write(Buffer.from(bytes))
      peer.stream.resume()
      await peer.gone()
    }
    const idle = await open(broker)
    await closed(idle)
    while (broker.counters().connections > 0) await settle()
    assert.ok(broker.counters().refused >= 4)
  })

  describe('while anonymous clients are let in on loopback', () => {
    it('refuses web pages from elsewhere and counts them', async () => {
      const broker = await openBroker({ wsPort: 0 })
      assert.equal(await upgradeStatus(broker), 101)
      assert.equal(await upgradeStatus(broker, { origin: 'http://localhost:1880' }), 101)
      assert.equal(await upgradeStatus(broker, { origin: 'https://127.0.0.1' }), 101)
      assert.equal(await upgradeStatus(broker, { origin: 'http://evil.example' }), 403)
      assert.equal(await upgradeStatus(broker, { origin: 'null' }), 403)
      assert.deepEqual(broker.counters().limits, { foreignOrigin: 2 })
    })

    it('also where credentials are set beside them', async () => {
      const broker = await openBroker({ wsPort: 0, username: 'me', password: 'secret', anonymous: true })
      assert.equal(await upgradeStatus(broker, { origin: 'http://evil.example' }), 403)
    })
  })

  it('lets web pages in where credentials are demanded', async () => {
    const broker = await openBroker({ wsPort: 0, username: 'me', password: 'secret' })
    assert.equal(await upgradeStatus(broker, { origin: 'http://dashboard.example' }), 101)
  })

  it('tells foreign origins by host name, whatever the port', () => {
    for (const own of [
      'http://localhost',
      'https://localhost:1880',
      'http://127.1.2.3:9',
      'http://[::1]:1880',
      'http://Broker.example:1'
    ])
      assert.equal(isForeignOrigin(own, 'broker.example'), false, own)
    for (const foreign of [
      'http://localhost.evil.example',
      'http://127.0.0.1.evil.example',
      'null',
      '',
      'http://10.0.0.1',
      'file://'
    ])
      assert.equal(isForeignOrigin(foreign, 'broker.example'), true, foreign)
    assert.equal(isForeignOrigin(undefined, 'broker.example'), false)
  })

  it('counts a subscriber over WebSocket that does not read like one over TCP', async () => {
    const broker = await openBroker({ wsPort: 0 })
    const client = rawClient(createWebSocketStream(await open(broker)))
    client.send(connectPacket())
    await client.next('connack')
    client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'updates', qos: 0 }] })
    await client.next('suback')
    client.stream.pause()
    const healthy = await subscribed(broker, 'updates')
    for (let n = 1; n <= 1500; n++) {
      broker.accept(update('updates', n, { body: Buffer.alloc(16_384) }))
      if (n % 10 === 0) await healthy.count('publish', n)
    }
    assert.ok((broker.counters().limits.clientBufferBytes ?? 0) > 0)
    await connected(broker)
  })
})
