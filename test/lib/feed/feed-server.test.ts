import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { systemClock } from '../../../lib/clock.js'
import { startFeed } from '../../../lib/feed/feed-server.js'
import { ask, feeds, handed, rawClients } from './open.js'

const errorOf = (text: string) => {
  const { error, message, ...rest } = JSON.parse(text)
  assert.equal(typeof message, 'string')
  assert.deepEqual(rest, {})
  return error
}

describe('feed server', () => {
  const open = feeds()
  const raw = rawClients()

  it('lists its streams, declared or met', async () => {
    const feed = await open({ streams: ['a', 'b/c d'] })
    feed.declare(['a', 'e'])
    feed.accept(handed(1, { stream: 'f' }))
    const { status, text, headers } = await ask(feed, '/')
    assert.equal(status, 200)
    assert.deepEqual(JSON.parse(text), ['a', 'b/c d', 'e', 'f'])
    assert.equal(headers['content-type'], 'application/json')
    assert.equal(headers['cache-control'], 'no-cache')
  })

  it('tells its time, never from a cache', async () => {
    const clock = systemClock()
    const feed = await open({ cacheSeconds: 5 })
    const before = clock.now()
    const { text, headers } = await ask(feed, '/clock')
    const { receivedAt, sentAt } = JSON.parse(text)
    assert.ok(before - 1 <= receivedAt && receivedAt <= sentAt && sentAt <= clock.now() + 1)
    assert.equal(headers['cache-control'], 'no-store')
  })

  it('finds streams by percent-encoded levels', async () => {
    const stream = 'haus/küche/100% ?&;=~'
    const feed = await open({ streams: [stream] })
    feed.accept(handed(1, { stream }))
    const path = stream.split('/').map(encodeURIComponent).join('/')
    for (const target of [`/latest/${path}`, `/feeds/${path}?limit=1`, `/latest/${path.toLowerCase()}?x=1`])
      assert.equal((await ask(feed, target)).status, 200, target)
    assert.match(
      (await ask(feed, `/latest/${path}`)).text,
      /"source":"\/streams\/haus\/k%C3%BCche\/100%25%20%3F%26%3B%3D~"/
    )
  })

  it('answers 404 to an unknown path or stream', async () => {
    const feed = await open()
    for (const [path, code] of [
      ['/nothing', 'PATH_UNKNOWN'],
      ['/latest', 'PATH_UNKNOWN'],
      ['/clock/x', 'PATH_UNKNOWN'],
      ['/latest/', 'STREAM_UNKNOWN'],
      ['/latest/other', 'STREAM_UNKNOWN'],
      ['/latest/updates/', 'STREAM_UNKNOWN'],
      ['/feeds/%E0%A4%A', 'STREAM_UNKNOWN'],
      ['/feeds/../latest/updates', 'STREAM_UNKNOWN'],
      ['/feeds/__proto__', 'STREAM_UNKNOWN']
    ] as const) {
      const { status, text, headers } = await ask(feed, path)
      assert.deepEqual([status, errorOf(text), headers['cache-control']], [404, code, 'no-cache'], path)
    }
  })

  it('answers 405 with Allow to every other method, body or not', async () => {
    const feed = await open()
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE'])
      for (const path of ['/', '/clock', '/feeds/updates', '/latest/updates']) {
        const { status, headers, text } = await ask(feed, path, {
          method,
          ...(method === 'PUT' ? { body: '{}' } : {})
        })
        assert.deepEqual([status, headers.allow, errorOf(text)], [405, 'GET, HEAD', 'METHOD_NOT_ALLOWED'])
      }
    const client = raw(feed).send('CONNECT example.com:80 HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await client.closed
    assert.match(client.text, /^HTTP\/1.1 405 .*\r\nAllow: GET, HEAD\r\n/)
    const [, body = ''] = client.text.split('\r\n\r\n')
    assert.equal(errorOf(body), 'METHOD_NOT_ALLOWED')
    assert.ok(client.text.includes(`\r\nContent-Length: ${body.length}\r\n`))
  })

  it('answers HEAD wherever it answers GET', async () => {
    const feed = await open()
    for (const path of ['/', '/clock', '/feeds/updates', '/nothing']) {
      const [head, get] = [await ask(feed, path, { method: 'HEAD' }), await ask(feed, path)]
      assert.deepEqual([head.status, head.text], [get.status, ''])
    }
  })

  it('demands its token everywhere', async () => {
    const feed = await open({ token: 'sécret' })
    for (const path of ['/', '/clock', '/feeds/updates', '/latest/updates', '/nothing']) {
      const { status, headers, text } = await ask(feed, path, { headers: { Authorization: 'Bearer x' } })
      assert.deepEqual([status, errorOf(text)], [401, 'NOT_AUTHORIZED'])
      assert.match(String(headers['www-authenticate']), /^Bearer/)
      assert.equal(headers['cache-control'], 'private, no-store')
    }
    assert.equal((await ask(feed, '/')).status, 401)
    for (const given of ['Bearer sécret', Buffer.from('Bearer sécret').toString('latin1')]) {
      const { status, headers } = await ask(feed, '/', { headers: { Authorization: given } })
      assert.deepEqual([status, headers['cache-control']], [200, 'private, no-store'])
    }
    assert.equal(feed.counters().refused, 6)
  })

  it('refuses a foreign Host with 421, in the header or in the target, while it is open to everybody here', async () => {
    const feed = await open()
    const foreign = await ask(feed, '/latest/updates', { headers: { Host: 'evil.example:80' } })
    assert.deepEqual([foreign.status, errorOf(foreign.text)], [421, 'HOST_REFUSED'])
    const absolute = await ask(feed, 'http://evil.example/latest/updates', { headers: { Host: 'localhost' } })
    assert.equal(absolute.status, 421)
    const own = await ask(feed, `${feed.url}/latest/updates`, { headers: { Host: 'evil.example' } })
    assert.equal(own.status, 204)
    const secret = await open({ token: 's' })
    const headers = { Host: 'feed.example', Authorization: 'Bearer s' }
    assert.equal((await ask(secret, '/latest/updates', { headers })).status, 204)
  })

  it('keeps a connection open for 75 s', async () => {
    const feed = await open()
    const { headers } = await ask(feed, '/')
    assert.ok(headers)
    const client = raw(feed).send('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    assert.match(await client.until(/\]$/), /Connection: keep-alive\r\nKeep-Alive: timeout=75\r\n/)
    client.send('GET /clock HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await client.until(/sentAt/)
  })

  it('answers pipelined requests in order, also behind a held one', async () => {
    const feed = await open()
    const client = raw(feed).send(
      'GET /feeds/updates?timeout=60000 HTTP/1.1\r\nHost: localhost\r\n\r\n' +
        'GET /clock HTTP/1.1\r\nHost: localhost\r\n\r\nGET /latest/updates HTTP/1.1\r\nHost: localhost\r\n\r\n'
    )
    // the second request is answered only after the first: an answer elsewhere shows that all have been read
    await ask(feed, '/')
    feed.accept(handed(1))
    const text = await client.until(/\r\n\r\n\[{.*sentAt.*HTTP[\s\S]*cloudevents\+json|204 No Content/s)
    assert.ok(text.indexOf('batch+json') < text.indexOf('sentAt'))
  })

  it('says in words that its port is in use', async () => {
    const feed = await open()
    const { port } = feed.address
    await assert.rejects(open({ port }), error => {
      assert.ok(error instanceof Error && 'code' in error)
      assert.equal(error.code, 'PORT_IN_USE')
      assert.match(error.message, new RegExp(`Expected .*${port}.*127\\.0\\.0\\.1.*choose another port`, 's'))
      return true
    })
  })

  it('says that it cannot listen where it is told to', async () => {
    await assert.rejects(open({ host: '192.0.2.1', anonymous: true }), { code: 'LISTEN_FAILED' })
    await assert.rejects(open({ host: 'nowhere.invalid' }), { code: 'LISTEN_FAILED' })
  })

  it('does not listen off loopback without a token or permission', async () => {
    await assert.rejects(open({ host: '0.0.0.0' }), { code: 'CREDENTIALS_REQUIRED' })
    const feed = await open({ host: '0.0.0.0', anonymous: true })
    assert.equal((await ask(feed, '/', { headers: { Host: 'any.example' } })).status, 200)
  })

  it('has the port that it is told to have, and frees it at once', async () => {
    const probe = createServer()
    await new Promise<void>(resolve => probe.listen(0, '127.0.0.1', resolve))
    const { port } = probe.address() as { port: number }
    await new Promise(resolve => probe.close(resolve))
    for (const _ of [1, 2, 3]) {
      const feed = await open({ port })
      assert.deepEqual(feed.address, { host: '127.0.0.1', port, wsPort: null })
      await ask(feed, '/')
      await feed.close()
    }
  })

  it('closes at once, answers what it holds, and takes no more updates', async () => {
    const feed = await open()
    feed.accept(handed(1))
    const idle = raw(feed).send('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await idle.until(/\]$/)
    const half = raw(feed).send('GET / HT')
    const log = raw(feed).send('GET /feeds/other?timeout=60000 HTTP/1.1\r\nHost: localhost\r\n\r\n')
    const latest = raw(feed).send('GET /latest/other HTTP/1.1\r\nHost: localhost\r\nPrefer: wait=60\r\n\r\n')
    feed.declare(['other'])
    await ask(feed, '/')
    const closed = [feed.close(), feed.close()]
    await Promise.all([...closed, idle.closed, half.closed, log.closed, latest.closed])
    assert.match(log.text, /200 OK[\s\S]*\r\n\r\n\[\]$/)
    assert.match(latest.text, /204 No Content/)
    assert.throws(() => feed.accept(handed(2)), { code: 'SERVER_CLOSED' })
  })

  it('refuses updates of more streams than it may have', async () => {
    const feed = await open({ limits: { streams: 2 } })
    feed.accept(handed(1, { stream: 'second' }))
    assert.throws(() => feed.accept(handed(1, { stream: 'third' })), { code: 'STREAM_LIMIT' })
    assert.deepEqual(feed.counters().limits, { streams: 1 })
  })

  it('starts on the clock of its thread', async () => {
    const options = { host: '127.0.0.1', port: 0, tls: null, anonymous: false, streams: [], last: [] }
    const limits = { token: null, history: 1, cacheSeconds: 0, maxConnections: 1 }
    const feed = await startFeed({ ...options, ...limits }, () => undefined)
    assert.ok(feed.address.port > 0)
    await feed.close()
  })
})
