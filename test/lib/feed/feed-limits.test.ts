import assert from 'node:assert/strict'
import { ask, feeds, handed, rawClients, until } from './open.js'

const GET = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`

describe('limits of the feed server', () => {
  const open = feeds()
  const raw = rawClients()

  it('closes connections beyond the most, and lets in again when there is room', async () => {
    const feed = await open({ maxConnections: 2 })
    const [first, second] = [raw(feed), raw(feed)]
    await first.send(GET('/')).until(/\]$/)
    await second.send(GET('/')).until(/\]$/)
    const third = raw(feed)
    await third.closed
    const { connections, refused, limits } = feed.counters()
    assert.deepEqual([connections, refused, limits], [2, 1, { connections: 1 }])
    await raw(feed).closed
    assert.equal(feed.counters().limits.connections, 2)
    // told once, however often it happens
    assert.deepEqual(
      feed.notices.map(({ code }) => code),
      ['CONNECTION_REFUSED']
    )
    first.socket.destroy()
    await until(() => feed.counters().connections === 1)
    assert.equal((await ask(feed, '/')).status, 200)
  })

  it('answers 503 with Retry-After when it holds as many requests as it may', async () => {
    const feed = await open({ limits: { heldRequests: 1 } })
    const held = raw(feed).send(GET('/feeds/updates?timeout=60000'))
    await ask(feed, '/')
    const { status, headers, text } = await ask(feed, '/latest/updates', { headers: { Prefer: 'wait=60' } })
    assert.deepEqual([status, headers['retry-after'], JSON.parse(text).error], [503, '1', 'TOO_MANY_HELD'])
    assert.equal((await ask(feed, '/latest/updates')).status, 204)
    assert.deepEqual(feed.counters().limits, { heldRequests: 1 })
    feed.accept(handed(1))
    await held.until(/\]$/)
  })

  it('answers 431 to a header that is too long', async () => {
    const feed = await open({ limits: { headerBytes: 2000 } })
    const client = raw(feed).send(GET('/', `X: ${'x'.repeat(3000)}\r\n`))
    await client.closed
    assert.match(client.text, /^HTTP\/1\.1 431 /)
    assert.deepEqual(feed.counters().limits, { headerBytes: 1 })
    assert.equal((await ask(feed, '/')).status, 200)
  })

  it('ends a header that trickles in, or never comes, with 408', async () => {
    const feed = await open({ limits: { headerMs: 200, requestMs: 400 } })
    const silent = raw(feed)
    const slow = raw(feed).send('GET / HTTP/1.1\r\n')
    const dripping = setInterval(() => slow.send('X: y\r\n'), 20)
    await Promise.all([silent.closed, slow.closed])
    clearInterval(dripping)
    assert.match(slow.text, /^HTTP\/1\.1 408 /)
    assert.equal(feed.counters().limits.headerMs, 2)
    assert.equal(feed.counters().connections, 0)
  })

  it('ends a body that trickles in', async () => {
    const feed = await open({ limits: { headerMs: 200, requestMs: 300 } })
    const slow = raw(feed).send('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n')
    const dripping = setInterval(() => slow.send('x'), 20)
    await slow.closed
    clearInterval(dripping)
    assert.equal(feed.counters().limits.requestMs, 1)
  })

  it('answers a GET with a body 400 and ends the connection', async () => {
    const feed = await open()
    for (const body of [
      'Content-Length: 2\r\n\r\n{}',
      'Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n'
    ]) {
      const client = raw(feed).send(`GET /latest/updates HTTP/1.1\r\nHost: localhost\r\n${body}`)
      await client.closed
      assert.match(client.text, /^HTTP\/1\.1 400 [\s\S]*Connection: close[\s\S]*"BODY_REFUSED"/)
    }
    const none = raw(feed).send(GET('/clock', 'Content-Length: 0\r\n'))
    await none.until(/^HTTP\/1\.1 200 /)
  })

  it('ends the connection of whoever sends a large body', async () => {
    const feed = await open({ limits: { bodyBytes: 1000 } })
    const client = raw(feed).send(
      `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999\r\n\r\n${'x'.repeat(5000)}`
    )
    await client.closed
    assert.equal(client.text, '')
    assert.deepEqual(feed.counters().limits, { bodyBytes: 1 })
  })

  it('drops a client that does not take its answer', async () => {
    const feed = await open({ limits: { sendMs: 200 } })
    // more than the kernel takes on loopback
    for (let sequence = 1; sequence <= 8; sequence++)
      feed.accept(handed(sequence, { payload: 'x'.repeat(1_000_000) }))
    const client = raw(feed).send(GET('/feeds/updates'))
    client.socket.pause()
    await until(() => feed.counters().dropped === 1)
    assert.deepEqual(feed.counters().limits, { sendMs: 1 })
    client.socket.destroy()
    await until(() => feed.counters().connections === 0)
  })

  it('waits for a client that takes its answer slowly but does take it', async () => {
    const feed = await open({ limits: { sendMs: 1000 } })
    for (let sequence = 1; sequence <= 7; sequence++)
      feed.accept(handed(sequence, { payload: 'x'.repeat(1_000_000) }))
    const client = raw(feed).send(GET('/feeds/updates', 'Connection: close\r\n'))
    client.socket.on('data', () => {
      client.socket.pause()
      setTimeout(() => client.socket.resume(), 15)
    })
    const asked = performance.now()
    await client.closed
    assert.ok(client.text.endsWith('"}]'))
    assert.ok(performance.now() - asked > 1000)
    assert.equal(feed.counters().dropped, 0)
  })

  it('drops a client that asks again and again and takes nothing', async () => {
    const feed = await open({ limits: { waitingBytes: 20_000_000 } })
    for (let sequence = 1; sequence <= 7; sequence++)
      feed.accept(handed(sequence, { payload: 'x'.repeat(1_000_000) }))
    const client = raw(feed).send(GET('/feeds/updates').repeat(100))
    client.socket.pause()
    await until(() => feed.counters().dropped === 1)
    assert.deepEqual(feed.counters().limits, { waitingBytes: 1 })
    assert.equal((await ask(feed, '/')).status, 200)
  })

  it('drops a client that asks for much behind a request that is held', async () => {
    const feed = await open({ streams: ['updates', 'empty'], limits: { waitingBytes: 20_000_000 } })
    for (let sequence = 1; sequence <= 7; sequence++)
      feed.accept(handed(sequence, { payload: 'x'.repeat(1_000_000) }))
    const client = raw(feed).send(GET('/feeds/empty?timeout=60000') + GET('/feeds/updates').repeat(100))
    await client.closed
    assert.deepEqual(feed.counters().limits, { waitingBytes: 1 })
  })

  it('refuses connections before the process is out of descriptors', async () => {
    const feed = await open({ limits: { descriptors: 2 } })
    const client = raw(feed).send(GET('/'))
    await client.closed
    assert.equal(client.text, '')
    assert.deepEqual([feed.counters().refused, feed.counters().limits], [1, { descriptors: 1 }])
    assert.match(feed.notices[0]?.message ?? '', /ulimit -n/)
  })

  it('drops the client with which all together take too little', async () => {
    const feed = await open({ limits: { totalWaitingBytes: 20_000_000 } })
    for (let sequence = 1; sequence <= 7; sequence++)
      feed.accept(handed(sequence, { payload: 'x'.repeat(1_000_000) }))
    for (const _ of [1, 2, 3]) raw(feed).send(GET('/feeds/updates')).socket.pause()
    await until(() => feed.counters().dropped === 1)
    assert.deepEqual(feed.counters().limits, { totalWaitingBytes: 1 })
    await until(() => feed.counters().connections === 2)
  })

  it('goes on after every kind of garbage', async () => {
    const feed = await open()
    const garbage = [
      '\0\x01\x02\xff',
      'GET\r\n\r\n',
      'GET / HTTP/1.1\r\n\r\n',
      'GET / HTTP/9.9\r\nHost: localhost\r\n\r\n',
      'GET /latest/updates HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n',
      'GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n',
      'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
      '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
      'x'.repeat(100_000)
    ]
    for (const text of garbage) {
      const client = raw(feed).send(text)
      client.socket.end()
      await client.closed
      assert.doesNotMatch(client.text, /^HTTP\/1\.1 [25]/, JSON.stringify(text.slice(0, 20)))
    }
    const gone = raw(feed).send(GET('/feeds/updates?timeout=60000'))
    await ask(feed, '/')
    gone.socket.resetAndDestroy()
    await until(() => feed.counters().connections === 0)
    feed.accept(handed(1))
    const refused = raw(feed).send(GET('/', 'Expect: 100-continue\r\nContent-Length: 2\r\n'))
    refused.send('{}')
    await refused.until(/^HTTP\/1\.1 400 /)
    assert.equal((await ask(feed, '/')).status, 200)
    assert.deepEqual(feed.notices, [])
  })
})
