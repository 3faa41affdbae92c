import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Lab, type LabOptions, openLab } from './lab.js'
import { json, openSite, type Site } from './site.js'

describe('polls on their way', () => {
  const closers: (() => unknown)[] = []
  const directory = mkdtempSync(join(tmpdir(), 'poll-tls-'))
  const [key, cert] = ['key.pem', 'cert.pem'].map(name => join(directory, name))
  let tls = { key: '', cert: '' }
  before(() => {
    execFileSync(
      'openssl',
      [
        ...[
          'req',
          '-x509',
          '-newkey',
          'ec',
          '-pkeyopt',
          'ec_paramgen_curve:prime256v1',
          '-nodes',
          '-days',
          '2'
        ],
        ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
        ...['-keyout', `${key}`, '-out', `${cert}`]
      ],
      { stdio: 'ignore' }
    )
    tls = { key: readFileSync(`${key}`, 'utf8'), cert: readFileSync(`${cert}`, 'utf8') }
  })
  after(() => rmSync(directory, { recursive: true }))
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

  it('each hop of a redirect is an exchange', async () => {
    const { url } = await site((request, response) => {
      if (request.url === '/') response.writeHead(302, { location: '/b' }).end()
      else if (request.url === '/b') response.writeHead(308, { location: 'c' }).end('moved')
      else json(7)(request, response)
    })
    const { poller, outcomes, exchanges, batches } = lab({ url })
    await poller.poll('a')
    assert.deepEqual(outcomes(), ['empty', 'empty', 'updated'])
    assert.deepEqual(
      exchanges.map(({ statusCode }) => statusCode),
      [302, 308, 200]
    )
    assert.equal(exchanges.at(-1)?.totals.requests, 3)
    assert.equal(new Set(exchanges.map(({ since }) => since)).size, 1)
    assert.equal(batches[0]?.responseUrl, `${url}/c`)
    assert.equal(batches[0]?.exchangeId, exchanges[2]?.id)
  })

  it('a loop ends after five redirects', async () => {
    const { url, requests } = await site((_request, response) =>
      response.writeHead(302, { location: '/' }).end()
    )
    const { poller, outcomes } = lab({ url })
    await assert.rejects(poller.poll('a'), { code: 'TOO_MANY_REDIRECTS' })
    assert.equal(requests.length, 6)
    assert.equal(outcomes().at(-1), 'error')
  })

  it('credentials and the custom header stay on their origin', async () => {
    const other = await site(json(1))
    const { url, requests } = await site((_request, response) =>
      response.writeHead(307, { location: other.url }).end()
    )
    const { poller } = lab({
      url,
      authentication: { type: 'header', header: 'X-Device', token: 'mine' },
      headers: () => ({ Cookie: 'a=b', Authorization: 'Basic x', 'X-Plain': 'kept' })
    })
    await poller.poll('a')
    assert.equal(requests[0]?.headers['x-device'], 'mine')
    const { headers } = other.requests[0] ?? assert.fail('not asked')
    assert.deepEqual(
      [headers['x-device'], headers.cookie, headers.authorization, headers['x-plain']],
      [undefined, undefined, undefined, 'kept']
    )
  })

  it('TLS is checked, and its bytes are those of the raw connection', async () => {
    const { url, bytes } = await site(json({ value: 1 }), tls)
    const strict = lab({ url })
    await assert.rejects(strict.poller.poll('a'), /self-signed certificate/)
    const before = bytes()
    const { poller, exchanges } = lab({ url, tls: { ca: tls.cert } })
    await poller.poll('a')
    await poller.poll('b')
    const after = bytes()
    const last = exchanges.at(-1) ?? assert.fail('no exchange')
    assert.equal(last.totals.bytesSent, after.received - before.received)
    assert.equal(last.totals.bytesReceived, after.sent - before.sent)
    assert.ok(last.totals.bytesReceived > 1000, 'the handshake is in it')
    assert.equal(last.settings.tls, true)
  })

  it('a redirect from https to http is refused', async () => {
    const plain = await site(json(1))
    const { url } = await site(
      (_request, response) => response.writeHead(301, { location: plain.url }).end(),
      tls
    )
    const { poller } = lab({ url, tls: { ca: tls.cert } })
    await assert.rejects(poller.poll('a'), { code: 'REDIRECT_INVALID' })
    assert.equal(plain.requests.length, 0)
  })

  /** A real forward proxy: absolute-form requests and CONNECT, with a password. */
  async function openProxy(target: Site): Promise<{ server: Server; url: URL; seen: string[] }> {
    const seen: string[] = []
    const expected = `Basic ${Buffer.from('me:pass word').toString('base64')}`
    const server = createServer((request, response) => {
      seen.push(`${request.method} ${request.url}`)
      if (request.headers['proxy-authorization'] !== expected) return response.writeHead(407).end()
      assert.equal(request.headers.host, 'feed.test')
      return json({ value: 'proxied' })(request, response)
    })
    server.on('connect', (request, socket) => {
      seen.push(`CONNECT ${request.url}`)
      socket.on('error', () => {})
      if (request.headers['proxy-authorization'] !== expected) return socket.end('HTTP/1.1 407 No\r\n\r\n')
      const onward = connect(Number(new URL(target.url).port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        socket.pipe(onward).pipe(socket)
      }).on('error', () => socket.destroy())
      socket.on('close', () => onward.destroy())
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    closers.push(async () => {
      server.close()
      server.closeAllConnections()
    })
    const { port } = server.address() as { port: number }
    return { server, url: new URL(`http://127.0.0.1:${port}`), seen }
  }

  it('plain requests go through a proxy in absolute form, encrypted ones through its tunnel', async () => {
    const target = await site(json({ value: 'tunnelled' }), tls)
    const { url, seen } = await openProxy(target)
    const proxy = () => ({ url, username: 'me', password: 'pass word' })
    const plain = lab({ url: 'http://feed.test/x?y=1', proxy })
    await plain.poller.poll('a')
    await plain.poller.poll('b')
    assert.deepEqual(plain.received[0]?.payload, { value: 'proxied' })
    assert.equal(plain.poller.report().totals.connections, 1)
    const secure = lab({ url: 'https://localhost/x', proxy, tls: { ca: tls.cert } })
    await secure.poller.poll('a')
    assert.deepEqual(secure.received[0]?.payload, { value: 'tunnelled' })
    assert.equal(secure.poller.report().totals.connections, 1)
    assert.deepEqual(seen, [
      'GET http://feed.test/x?y=1',
      'GET http://feed.test/x?y=1',
      'CONNECT localhost:443'
    ])
    const stranger = lab({ url: 'https://localhost/x', proxy: () => ({ url }) })
    await assert.rejects(stranger.poller.poll('a'), /open a tunnel, found status 407/)
  })
})
