import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { PushEndpoint } from '../../../lib/push/endpoint.js'
import { selfSigned } from '../../helpers/certificate.js'
import { subscribed } from './subscribed.js'

describe('a subscriber that finds no broker', () => {
  const closers: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close()
  })
  const listening = async (server: Server) => {
    const sockets = new Set<Socket>()
    server.on('connection', (socket: Socket) => {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
      socket.once('close', () => sockets.delete(socket))
    })
    server.on('tlsClientError', () => {})
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    closers.push(async () => {
      server.close()
      for (const socket of sockets) socket.destroy()
      await once(server, 'close')
    })
    return (server.address() as AddressInfo).port
  }
  const complaint = async (endpoint: PushEndpoint) => {
    const party = subscribed(endpoint, { connectTimeoutMs: 300 })
    closers.push(() => party.subscriber.close())
    // twice: it tries again, whatever it found
    await party.until(
      () => party.errors.length > 0 && party.states.filter(({ kind }) => kind === 'retrying').length > 1
    )
    assert.equal(party.errors.length, 1)
    return party.errors[0]
  }

  it('says that nobody listens', async () => {
    const server = createServer()
    const port = await listening(server)
    server.close()
    await once(server, 'close')
    closers.splice(0)
    for (const scheme of ['mqtt', 'mqtts', 'ws', 'wss']) {
      const error = await complaint({ url: `${scheme}://127.0.0.1:${port}` })
      assert.equal(error?.code, 'CONNECT_FAILED', scheme)
      assert.match(String(error?.message), /ECONNREFUSED/, scheme)
    }
  })

  it('is not taken in by a server that sends garbage, closes, or says nothing', async () => {
    const talk = (say: (socket: Socket) => void) => listening(createServer(say))
    const garbage = await talk(socket => socket.write(Buffer.alloc(64, 0xff)))
    const closing = await talk(socket => socket.end())
    const mute = await talk(socket => socket.resume())
    for (const port of [garbage, closing, mute])
      assert.equal((await complaint({ url: `mqtt://127.0.0.1:${port}` }))?.code, 'CONNECT_FAILED')
  })

  it('says what a web server answered instead of a WebSocket', async () => {
    const port = await listening(createHttpServer((_request, response) => response.writeHead(404).end()))
    const error = await complaint({ url: `ws://127.0.0.1:${port}/mqtt` })
    assert.equal(error?.code, 'CONNECT_FAILED')
    assert.match(String(error?.message), /404/)
  })

  it('says that it spoke TLS to a server without, and the other way round', async () => {
    const plain = await listening(createServer(socket => socket.on('data', () => socket.end('no TLS here'))))
    const tls = await listening(createTlsServer(selfSigned(), socket => socket.resume()))
    assert.equal((await complaint({ url: `mqtts://127.0.0.1:${plain}` }))?.code, 'CONNECT_FAILED')
    assert.equal((await complaint({ url: `mqtt://127.0.0.1:${tls}` }))?.code, 'CONNECT_FAILED')
  })

  it('refuses an address that is none, and TLS options that cannot be used', async () => {
    for (const url of ['http://127.0.0.1', '127.0.0.1:1883', 'mqtt://', 'mqtt://:1883', 'mqtt://a:99999'])
      assert.equal((await complaint({ url }))?.code, 'URL_INVALID', url)
    const tls = { ca: 'no certificate', key: 'no key', cert: 'no certificate' }
    assert.equal((await complaint({ url: 'mqtts://127.0.0.1:1', tls }))?.code, 'TLS_INVALID')
  })
})
