import assert from 'node:assert/strict'
import { FakeClock } from '../../helpers/fake-clock.js'
import { type Answer, ask, EPOCH, feeds, handed, rawClients, until } from './open.js'

const tag = (sequence: number) => `"${EPOCH}-${String(sequence).padStart(12, '0')}"`

/** Status and the headers that the contract fixes. */
const facts = ({ status, headers }: Answer) => [
  status,
  headers.etag,
  headers['cache-control'],
  headers.vary,
  headers['preference-applied']
]

describe('GET /latest/<stream>', () => {
  const open = feeds()
  const raw = rawClients()

  it('answers 204 while the stream has no update', async () => {
    const feed = await open()
    const answer = await ask(feed, '/latest/updates', { headers: { 'If-None-Match': '"x"' } })
    assert.deepEqual(facts(answer), [204, undefined, 'no-cache', 'Prefer', undefined])
    assert.equal(answer.text, '')
  })

  it('answers the bytes of the newest update with a strong tag', async () => {
    const feed = await open()
    const update = handed(2, { payload: { s: 'é–😀' } })
    feed.accept(handed(1))
    feed.accept(update)
    const answer = await ask(feed, '/latest/updates')
    assert.deepEqual(facts(answer), [200, tag(2), 'no-cache', 'Prefer', undefined])
    assert.equal(answer.text, Buffer.from(update.body).toString())
    assert.equal(answer.headers['content-type'], 'application/cloudevents+json')
    assert.equal(answer.headers['content-length'], String(update.body.byteLength))
  })

  it('answers a large update byte for byte', async () => {
    const feed = await open()
    const update = handed(1, { payload: '–'.repeat(400_000) })
    feed.accept(update)
    assert.equal((await ask(feed, '/latest/updates')).text, Buffer.from(update.body).toString())
  })

  it('answers 304 to whoever names its tag, also weakly, in a list or as *', async () => {
    const feed = await open()
    feed.accept(handed(1))
    for (const condition of [tag(1), `W/${tag(1)}`, `"x", W/${tag(1)}`, '*']) {
      const answer = await ask(feed, '/latest/updates', { headers: { 'If-None-Match': condition } })
      assert.deepEqual(facts(answer), [304, tag(1), 'no-cache', 'Prefer', undefined], condition)
      assert.equal(answer.text, '')
    }
    feed.accept(handed(2))
    const answer = await ask(feed, '/latest/updates', { headers: { 'If-None-Match': tag(1) } })
    assert.deepEqual(facts(answer), [200, tag(2), 'no-cache', 'Prefer', undefined])
  })

  it('holds a reader that is up to date until the next update', async () => {
    const clock = new FakeClock()
    const feed = await open({}, clock)
    feed.accept(handed(1))
    for (const condition of [tag(1), '*']) {
      const answer = ask(feed, '/latest/updates', {
        headers: { 'If-None-Match': condition, Prefer: 'wait=30' }
      })
      await until(() => clock.pending === 1)
      const next = condition === '*' ? 3 : 2
      feed.accept(handed(next))
      assert.deepEqual(facts(await answer), [200, tag(next), 'no-store', 'Prefer', 'wait=30'])
      if (condition !== '*') feed.accept(handed(2))
      assert.equal(clock.pending, 0)
    }
  })

  it('answers 304 when the time of a hold is up, 204 when there still is no update', async () => {
    const clock = new FakeClock()
    const feed = await open({ streams: ['updates', 'empty'] }, clock)
    feed.accept(handed(1))
    const headers = { 'If-None-Match': tag(1), Prefer: 'wait=600' }
    const answers = Promise.all([
      ask(feed, '/latest/updates', { headers }),
      ask(feed, '/latest/empty', { headers })
    ])
    await until(() => clock.pending === 2)
    clock.advance(59_999)
    assert.equal(clock.pending, 2)
    clock.advance(1)
    const [updates, empty] = await answers
    assert.deepEqual(facts(updates), [304, tag(1), 'no-store', 'Prefer', 'wait=60'])
    assert.deepEqual(facts(empty), [204, undefined, 'no-store', 'Prefer', 'wait=60'])
  })

  it('holds while there is no update, with or without a condition, and answers the first one', async () => {
    const clock = new FakeClock()
    const feed = await open({}, clock)
    const answers = [{ Prefer: 'wait=5' }, { Prefer: 'wait=5', 'If-None-Match': '*' }].map(headers =>
      ask(feed, '/latest/updates', { headers })
    )
    await until(() => clock.pending === 2)
    feed.accept(handed(1))
    for (const answer of await Promise.all(answers))
      assert.deepEqual(facts(answer), [200, tag(1), 'no-store', 'Prefer', 'wait=5'])
  })

  it('answers at once, and says which wait it would have kept, when there is something to say', async () => {
    const feed = await open()
    feed.accept(handed(1))
    const answer = async (headers: Record<string, string>) =>
      facts(await ask(feed, '/latest/updates', { headers }))
    const found = [200, tag(1), 'no-cache', 'Prefer', 'wait=9']
    assert.deepEqual(await answer({ Prefer: 'wait=9' }), found)
    assert.deepEqual(await answer({ Prefer: 'wait=9', 'If-None-Match': '"old"' }), found)
    const unchanged = [304, tag(1), 'no-cache', 'Prefer', 'wait=0']
    assert.deepEqual(await answer({ Prefer: 'wait=0', 'If-None-Match': tag(1) }), unchanged)
  })

  it('takes no notice of a wait that is none', async () => {
    const feed = await open()
    feed.accept(handed(1))
    const answer = await ask(feed, '/latest/updates', {
      headers: { Prefer: 'wait=soon', 'If-None-Match': tag(1) }
    })
    assert.deepEqual(facts(answer), [304, tag(1), 'no-cache', 'Prefer', undefined])
  })

  it('answers HEAD like GET, without a body and without a hold', async () => {
    const feed = await open()
    const update = handed(1)
    feed.accept(update)
    const client = raw(feed).send(
      'HEAD /latest/updates HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'
    )
    await client.closed
    assert.match(
      client.text,
      new RegExp(`^HTTP/1.1 200 OK\r\n[^]*Content-Length: ${update.body.byteLength}\r\n[^]*\r\n\r\n$`)
    )
    const held = await ask(feed, '/latest/updates', {
      method: 'HEAD',
      headers: { Prefer: 'wait=60', 'If-None-Match': tag(1) }
    })
    assert.deepEqual(facts(held), [304, tag(1), 'no-cache', 'Prefer', 'wait=60'])
  })

  it('forgets a held request whose client went away', async () => {
    const clock = new FakeClock()
    const feed = await open({}, clock)
    const client = raw(feed).send(
      'GET /latest/updates HTTP/1.1\r\nHost: localhost\r\nPrefer: wait=60\r\n\r\n'
    )
    await until(() => clock.pending === 1)
    client.socket.destroy()
    await until(() => clock.pending === 0)
    feed.accept(handed(1))
    assert.equal(feed.counters().connections, 0)
  })

  it('wakes a thousand held requests with one update', async () => {
    const clock = new FakeClock()
    const feed = await open({ maxConnections: 2000 }, clock)
    const clients = Array.from({ length: 1000 }, () =>
      raw(feed).send('GET /latest/updates HTTP/1.1\r\nHost: localhost\r\nPrefer: wait=60\r\n\r\n')
    )
    await until(() => clock.pending === 1000)
    feed.accept(handed(1))
    await Promise.all(clients.map(client => client.until(/"sequence":"000000000001".*}$/)))
    assert.equal(clock.pending, 0)
  })

  it('answers for as long as it is told to be cacheable, and privately when there is a token', async () => {
    const cached = await open({ cacheSeconds: 7 })
    const secret = await open({ token: 's', cacheSeconds: 7 })
    for (const [feed, expected] of [
      [cached, 'public, max-age=7'],
      [secret, 'private, no-store']
    ] as const) {
      const headers = { Authorization: 'Bearer s' }
      assert.equal((await ask(feed, '/latest/updates', { headers })).headers['cache-control'], expected)
      feed.accept(handed(1))
      const found = await ask(feed, '/latest/updates', { headers })
      assert.deepEqual(facts(found), [200, tag(1), expected, 'Prefer', undefined])
      const same = await ask(feed, '/latest/updates', { headers: { ...headers, 'If-None-Match': tag(1) } })
      assert.deepEqual(facts(same), [304, tag(1), expected, 'Prefer', undefined])
    }
  })
})
