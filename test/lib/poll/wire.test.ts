import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer as createTcpServer, type Socket } from 'node:net'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { type Lab, type LabOptions, openLab } from './lab.js'
import { json, openSite, type Site } from './site.js'

describe('polls on the wire', () => {
  const closers: (() => unknown)[] = []
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close()
  })
  const site = async (...given: Parameters<typeof openSite>): Promise<Site> => {
    const opened = await openSite(...given)
    closers.push(() => opened.close())
    return opened
  }
  const lab = (options: LabOptions): Lab => {
    const opened = openLab(options)
    closers.push(() => opened.poller.close())
    return opened
  }
  const failsWith = (code: string) => (error: unknown) => (error as { code: string }).code === code

  it('a poll answered 304 costs an exchange and delivers nothing', async () => {
    const { url, requests } = await site((request, response) => {
      if (request.headers['if-none-match'] === '"1"') response.writeHead(304, { etag: '"1"' }).end()
      else
        json({ value: 1 }, { etag: '"1"', 'last-modified': 'Sun, 06 Nov 1994 08:49:37 GMT' })(
          request,
          response
        )
    })
    const { poller, received, exchanges, outcomes } = lab({ url })
    await poller.poll('a')
    await poller.poll('b')
    assert.deepEqual(outcomes(), ['updated', 'not-modified'])
    assert.equal(received.length, 1)
    assert.equal(requests[1]?.headers['if-modified-since'], 'Sun, 06 Nov 1994 08:49:37 GMT')
    assert.equal(exchanges[1]?.totals.notModified, 1)
    assert.equal(exchanges[1]?.totals.requests, 2)
    assert.equal(exchanges[1]?.updates, 0)
  })

  it('counts every byte of its connection, as the server does', async () => {
    const { url, bytes } = await site(json({ value: 1 }))
    const { poller, exchanges } = lab({ url })
    for (const name of ['a', 'b', 'c']) await poller.poll(name)
    const counted = bytes()
    const sum = (key: 'bytesSent' | 'bytesReceived') =>
      exchanges.reduce((total, exchange) => total + exchange[key], 0)
    assert.equal(sum('bytesSent'), counted.received)
    assert.equal(sum('bytesReceived'), counted.sent)
    assert.equal(exchanges.at(-1)?.totals.bytesSent, counted.received)
    assert.equal(exchanges[1]?.bytesSent, exchanges[2]?.bytesSent)
    assert.deepEqual([counted.connections, exchanges.at(-1)?.totals.connections], [1, 1])
    assert.equal(exchanges.at(-1)?.totals.open, 1)
  })

  it('without keep-alive opens a connection for each poll, and none stays', async () => {
    const { url, bytes, requests } = await site(json({ value: 1 }))
    const { poller } = lab({ url, keepAlive: false })
    await poller.poll('a')
    await poller.poll('b')
    assert.equal(bytes().connections, 2)
    assert.equal(requests[0]?.headers.connection, 'close')
    const { totals } = poller.report()
    assert.deepEqual([totals.connections, totals.reconnects], [2, 0])
    // a closed connection's bytes stay counted
    while (poller.report().totals.open > 0) await new Promise(resolve => setImmediate(resolve))
    const { bytesSent, bytesReceived } = poller.report().totals
    assert.deepEqual([bytesSent, bytesReceived], [bytes().received, bytes().sent])
  })

  it('a poll under way when everything is forgotten does not bring its cursor back', async () => {
    let answer = () => {}
    const { url, asked } = await site((request, response) => {
      answer = () => json({ value: 1 }, { etag: '"1"' })(request, response)
    })
    const { poller } = lab({ url })
    const ended = poller.poll('a')
    await asked(1)
    poller.reset()
    answer()
    await ended
    assert.deepEqual(poller.cursors(), {})
  })

  it('asks again at once when the server closed an idle connection under the request', async () => {
    let answered = 0
    const server = createTcpServer(socket => {
      socket.on('error', () => {})
      socket.on('data', () => {
        answered += 1
        // the second request on a connection meets a server that has just given up on it
        if (answered === 2) socket.destroy()
        else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n1')
      })
    }).listen(0, '127.0.0.1')
    closers.push(() => server.close())
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const { poller, outcomes } = lab({ url: `http://127.0.0.1:${port}/` })
    await poller.poll('a')
    await poller.poll('b')
    assert.deepEqual(outcomes(), ['updated', 'empty'])
    assert.equal(poller.report().totals.reconnects, 1)
  })

  for (const status of [401, 404, 500, 503])
    it(`reports status ${status} as an error, and goes on`, async () => {
      let well = false
      const { url } = await site((request, response) => {
        if (well) json({ value: 1 })(request, response)
        else response.writeHead(status, { 'x-why': 'test' }).end('no')
      })
      const { poller, exchanges, outcomes } = lab({ url })
      await assert.rejects(poller.poll('a'), (error: { code: string; answer: { statusCode: number } }) => {
        assert.equal(error.code, 'HTTP_STATUS')
        assert.equal(error.answer.statusCode, status)
        return true
      })
      assert.deepEqual([exchanges[0]?.statusCode, exchanges[0]?.code], [status, 'HTTP_STATUS'])
      well = true
      await poller.poll('b')
      assert.deepEqual(outcomes(), ['error', 'updated'])
    })

  for (const [form, value] of [
    ['seconds', () => '30'],
    ['an HTTP date', () => new Date(Date.now() + 30_500).toUTCString()]
  ] as const)
    it(`sends nothing before a Retry-After of ${form} is over`, async () => {
      const { url, requests } = await site((_request, response) => {
        response.writeHead(429, { 'retry-after': value() }).end()
      })
      const { poller, outcomes, exchanges } = lab({ url })
      await assert.rejects(poller.poll('a'), failsWith('RETRY_AFTER'))
      await assert.rejects(poller.poll('b'), failsWith('RETRY_AFTER'))
      assert.equal(requests.length, 1)
      assert.deepEqual(outcomes(), ['throttled'])
      assert.equal(exchanges[0]?.totals.throttled, 1)
      poller.reset()
      await assert.rejects(poller.poll('c'), failsWith('RETRY_AFTER'))
      assert.equal(requests.length, 2)
    })

  it('finds markup where JSON was promised', async () => {
    const { url } = await site((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Log in</title>')
    })
    const { poller, outcomes } = lab({ url, finders: { items: payload => payload } })
    await assert.rejects(poller.poll('a'), /Expected JSON, found \(text\/html\) markup: <!doctype/)
    assert.deepEqual(outcomes(), ['error'])
  })

  it('refuses a body over the cap as soon as it is announced, and as it comes', async () => {
    const announced = await site((_request, response) => {
      response.writeHead(200, { 'content-length': '104857600' })
      response.write('x'.repeat(1000))
    })
    const { poller } = lab({ url: announced.url, maxBodyBytes: 10_000 })
    await assert.rejects(poller.poll('a'), failsWith('BODY_TOO_LARGE'))
    const endless = await site((_request, response) => {
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536))) {}
        if (!response.destroyed) response.once('drain', more)
      }
      more()
    })
    const other = lab({ url: endless.url, maxBodyBytes: 1_000_000 })
    await assert.rejects(other.poller.poll('a'), failsWith('BODY_TOO_LARGE'))
    assert.ok(endless.bytes().sent < 20_000_000)
    assert.deepEqual(other.outcomes(), ['error'])
  })

  it('refuses a small body that inflates over the cap', async () => {
    const bomb = gzipSync(Buffer.alloc(100_000_000))
    const { url } = await site((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)
    })
    const { poller } = lab({ url })
    assert.ok(bomb.length < 200_000)
    await assert.rejects(poller.poll('a'), failsWith('BODY_TOO_LARGE'))
  })

  for (const [encoding, encode] of [
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['deflate, gzip', (body: Buffer) => gzipSync(deflateSync(body))]
  ] as const)
    it(`reads ${encoding} (${encode.name || 'two layers'})`, async () => {
      const { url, requests } = await site((_request, response) => {
        response
          .writeHead(200, { 'content-encoding': encoding, 'content-type': 'application/json' })
          .end(encode(Buffer.from('{"value":"ü"}')))
      })
      const { poller, received } = lab({ url })
      await poller.poll('a')
      assert.deepEqual(received[0]?.payload, { value: 'ü' })
      assert.equal(requests[0]?.headers['accept-encoding'], 'gzip, deflate, br')
    })

  it('finds half a body, and a broken encoding', async () => {
    const { url } = await site((request, response) => {
      if (request.url === '/gzip') response.writeHead(200, { 'content-encoding': 'gzip' }).end('no gzip')
      else {
        response.writeHead(200, { 'content-type': 'application/json' })
        response.write('{"half":')
        setImmediate(() => response.destroy())
      }
    })
    const { poller } = lab({ url })
    await assert.rejects(poller.poll('a'), failsWith('REQUEST_FAILED'))
    const other = lab({ url: `${url}/gzip` })
    await assert.rejects(other.poller.poll('a'), failsWith('BODY_INVALID'))
  })

  it('reads the charset that the server names', async () => {
    const { url } = await site((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain; charset=ISO-8859-1' }).end(Buffer.from([0xfc]))
    })
    const { poller, received } = lab({ url })
    await poller.poll('a')
    assert.equal(received[0]?.payload, 'ü')
  })

  it('reads JSON behind a byte order mark', async () => {
    const { url } = await site((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('\ufeff{"a":"ü"}')
    })
    const { poller, received } = lab({ url })
    await poller.poll('a')
    assert.deepEqual(received[0]?.payload, { a: 'ü' })
  })

  it('gives up on a server that never answers, and on one that stops in the middle', async () => {
    const { url } = await site((request, response) => {
      if (request.url !== '/half') return
      response.writeHead(200, { 'content-type': 'application/json' })
      response.write('[')
    })
    for (const path of ['/', '/half']) {
      const { poller, outcomes, exchanges } = lab({ url: url + path, timeoutMs: 200 })
      await assert.rejects(poller.poll('a'), failsWith('TIMEOUT'))
      assert.deepEqual(outcomes(), ['timeout'])
      assert.deepEqual(
        [exchanges[0]?.code, exchanges[0]?.totals.timeouts, exchanges[0]?.totals.errors],
        ['TIMEOUT', 1, 0]
      )
    }
  })

  it('gives up on a TLS handshake that never comes, and on a server that is not there', async () => {
    const sockets: Socket[] = []
    const silent = createTcpServer(socket => sockets.push(socket.on('error', () => {}))).listen(
      0,
      '127.0.0.1'
    )
    closers.push(() => {
      for (const socket of sockets) socket.destroy()
      silent.close()
    })
    await once(silent, 'listening')
    const { port } = silent.address() as { port: number }
    const { poller, outcomes } = lab({ url: `https://127.0.0.1:${port}/`, timeoutMs: 300 })
    await assert.rejects(poller.poll('a'), failsWith('TIMEOUT'))
    // the attempt given up must not be in the way of the next one
    await assert.rejects(poller.poll('b'), failsWith('TIMEOUT'))
    assert.deepEqual(outcomes(), ['timeout', 'timeout'])
    const gone = await openSite(json(1))
    await gone.close()
    const other = lab({ url: gone.url })
    await assert.rejects(other.poller.poll('a'), /ECONNREFUSED/)
    assert.equal(other.exchanges[0]?.code, 'REQUEST_FAILED')
    assert.equal(other.poller.report().totals.connections, 0)
  })

  it('ends what is under way when it closes', async () => {
    const { url, asked } = await site(() => {})
    const { poller, exchanges } = lab({ url })
    const poll = assert.rejects(poller.poll('a'), failsWith('SERVER_CLOSED'))
    await asked(1)
    await poller.close()
    await poll
    await poller.close()
    assert.deepEqual(exchanges, [])
    await assert.rejects(poller.poll('b'), failsWith('SERVER_CLOSED'))
  })
})
