import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import type { Aedes } from 'aedes'
import { systemClock } from '../../../lib/clock.js'
import type { PushEndpoint } from '../../../lib/push/endpoint.js'
import { type TrySubscriptionOptions, trySubscription } from '../../../lib/push/try-subscription.js'
import { startAedes } from '../../helpers/aedes-broker.js'
import { selfSigned } from '../../helpers/certificate.js'
import { startMosquitto } from '../../helpers/mosquitto.js'

describe('trying one subscription', () => {
  const closers: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close()
  })
  const aedes = async (...given: Parameters<typeof startAedes>) => {
    const started = await startAedes(...given)
    closers.push(() => started.close())
    return started
  }
  const mosquitto = async (...given: Parameters<typeof startMosquitto>) => {
    const started = await startMosquitto(...given)
    closers.push(() => started.close())
    return started
  }
  /** A server that is no broker: it does what it is told with each connection. */
  const stranger = async (greet: (socket: Socket) => void, server: Server = createServer()) => {
    const sockets = new Set<Socket>()
    server.on('connection', (socket: Socket) => {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
      socket.once('close', () => sockets.delete(socket))
      greet(socket)
      socket.resume()
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    closers.push(async () => {
      server.close()
      for (const socket of sockets) socket.destroy()
      await once(server, 'close')
    })
    return {
      url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
      gone: async () => {
        for (const socket of sockets) if (!socket.closed) await once(socket, 'close')
      }
    }
  }
  const attempt = (
    endpoints: PushEndpoint | readonly PushEndpoint[],
    options: Partial<TrySubscriptionOptions> = {}
  ) =>
    trySubscription({
      endpoints: [endpoints].flat(),
      clock: systemClock(),
      clientId: 'try',
      topicFilter: 'updates',
      withinMs: 5000,
      maxBytes: 1_048_576,
      signal: new AbortController().signal,
      ...options
    })
  const retain = (broker: Aedes, topic: string, payload: Buffer) =>
    new Promise<void>((resolve, reject) =>
      broker.publish({ cmd: 'publish', topic, payload, qos: 0, retain: true, dup: false }, error =>
        error ? reject(error) : resolve()
      )
    )

  it('tells that it was let in, subscribed and found nothing retained; and leaves no connection', async () => {
    const server = await aedes()
    const trial = await attempt({ url: server.url })
    assert.deepEqual(
      [trial.error, trial.url, trial.connected, trial.returnCode, trial.subscription, trial.retained],
      [null, server.url, true, 0, 'granted', null]
    )
    assert.ok((trial.connectMs ?? 0) > 0 && trial.ms >= (trial.connectMs ?? 0))
    assert.equal(server.open, 0)
  })

  it('tells topic and size of a retained message, at once', async () => {
    const server = await aedes()
    await retain(server.broker, 'updates', Buffer.alloc(1234))
    const trial = await attempt({ url: server.url }, { topicFilter: '#' })
    assert.deepEqual([trial.error, trial.retained], [null, { topic: 'updates', bytes: 1234 }])
    assert.ok(trial.ms < 1000, `${trial.ms} ms`)
  })

  it('a live message is not taken for a retained one', async () => {
    const server = await aedes()
    server.broker.on('subscribe', () =>
      server.broker.publish(
        { cmd: 'publish', topic: 'updates', payload: 'x', qos: 0, retain: false, dup: false },
        () => {}
      )
    )
    assert.equal((await attempt({ url: server.url })).retained, null)
  })

  it('tells the return code of a real Mosquitto for a wrong password, and is let in with the right one', async () => {
    const server = await mosquitto([], { ann: 'secret' })
    const wrong = await attempt({ url: server.url, username: 'ann', password: 'guess' })
    assert.deepEqual(
      [wrong.error?.code, wrong.connected, wrong.returnCode, wrong.subscription],
      ['NOT_AUTHORIZED', false, 5, null]
    )
    const right = await attempt({ url: server.url, username: 'ann', password: 'secret' })
    assert.deepEqual([right.error, right.subscription], [null, 'granted'])
  })

  it('tells a refused subscription', async () => {
    const server = await aedes({
      options: { authorizeSubscribe: (_c, _s, callback) => callback(null, null) }
    })
    const trial = await attempt({ url: server.url })
    assert.deepEqual(
      [trial.error?.code, trial.connected, trial.subscription],
      ['SUBSCRIBE_REFUSED', true, 'refused']
    )
  })

  it('refuses a topic filter that is none, before it connects', async () => {
    await assert.rejects(attempt({ url: 'mqtt://127.0.0.1:1' }, { topicFilter: 'a/#/b' }), {
      code: 'TOPIC_INVALID'
    })
  })

  it('tries several addresses in turn, and tells of those that failed', async () => {
    const server = await aedes()
    const closed = await startAedes()
    await closed.close()
    const trial = await attempt([{ url: closed.url }, { url: server.url }])
    assert.deepEqual([trial.error, trial.url], [null, server.url])
    assert.deepEqual(
      trial.failed.map(({ url, error }) => [url, error.code]),
      [[closed.url, 'CONNECT_FAILED']]
    )
  })

  it('a silent address leaves time for the next one', async () => {
    const server = await aedes()
    const { url } = await stranger(() => {})
    const trial = await attempt([{ url }, { url: server.url }], { withinMs: 4000 })
    assert.deepEqual([trial.error, trial.url], [null, server.url])
  })

  it('ends in time when nobody answers the connection, or the subscription', async () => {
    const mute = await stranger(() => {})
    const trial = await attempt({ url: mute.url }, { withinMs: 200 })
    assert.deepEqual([trial.error?.code, trial.returnCode], ['CONNECT_FAILED', null])
    assert.match(trial.error?.message ?? '', /within 200 ms, found silence/)
    await mute.gone()
    const polite = await stranger(socket => {
      socket.once('data', () => socket.write(Buffer.from([0x20, 2, 0, 0])))
    })
    const half = await attempt({ url: polite.url }, { withinMs: 300 })
    assert.deepEqual([half.error?.code, half.connected, half.subscription], ['CONNECTION_LOST', true, null])
    await polite.gone()
  })

  it('stops when nobody waits any more', async () => {
    const leaving = new AbortController()
    const { url, gone } = await stranger(() => leaving.abort())
    assert.equal((await attempt({ url }, { signal: leaving.signal })).error?.code, 'SERVER_CLOSED')
    await gone()
  })

  it('takes no more bytes than it may', async () => {
    const server = await aedes()
    await retain(server.broker, 'updates', Buffer.alloc(3_000_000))
    const trial = await attempt({ url: server.url })
    assert.deepEqual(
      [trial.error?.code, trial.subscription, trial.retained],
      ['PAYLOAD_TOO_LARGE', 'granted', null]
    )
  })

  it('says what was found where no broker is', async () => {
    const web = await stranger(() => {}, createHttpServer())
    const trial = await attempt({ url: web.url })
    assert.equal(trial.error?.code, 'CONNECT_FAILED')
    const chatty = await stranger(socket => socket.write('SSH-2.0-OpenSSH_9.2\r\n'))
    assert.equal((await attempt({ url: chatty.url })).connected, false)
    for (const url of ['http://127.0.0.1', 'nonsense'])
      assert.equal((await attempt({ url })).error?.code, 'URL_INVALID')
  })

  it('does not trust a certificate that nobody issued', async () => {
    const certificate = selfSigned()
    const server = await aedes({ transport: 'mqtts', certificate })
    const trial = await attempt({ url: server.url })
    assert.equal(trial.error?.code, 'CONNECT_FAILED')
    assert.match(trial.error?.message ?? '', /self.signed/)
    const trusted = await attempt({ url: server.url, tls: { ca: certificate.cert } })
    assert.deepEqual([trusted.error, trusted.subscription], [null, 'granted'])
  })

  it('speaks MQTT over WebSocket as well', async () => {
    const server = await aedes({ transport: 'ws' })
    assert.equal((await attempt({ url: server.url })).subscription, 'granted')
  })
})
