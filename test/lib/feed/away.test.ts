import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { ask, feeds, handed, rawClients, until } from './open.js'

describe('a feed that is away', () => {
  const open = feeds()
  const raw = rawClients()
  const refused = { code: 'ECONNREFUSED' }

  it('ends held and idle connections without a word, and refuses new ones', async () => {
    const feed = await open()
    const holding = raw(feed).send('GET /feeds/updates?timeout=60000 HTTP/1.1\r\nHost: localhost\r\n\r\n')
    const idle = raw(feed).send('GET /clock HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await idle.until(/sentAt/)
    const before = idle.text
    await feed.goAway()
    await Promise.all([holding.closed, idle.closed])
    assert.equal(holding.text, '')
    assert.equal(idle.text, before)
    await assert.rejects(ask(feed, '/latest/updates'), refused)
    await until(() => feed.counters().connections === 0)
    await feed.goAway()
  })

  it('comes back on its port with its log, which went on', async () => {
    const feed = await open()
    feed.accept(handed(1))
    await feed.goAway()
    feed.accept(handed(2))
    await feed.comeBack(feed.address)
    const { status, text, headers } = await ask(feed, `/feeds/updates?lastEventId=${handed(1).id}`)
    assert.equal(status, 200)
    assert.deepEqual(
      (JSON.parse(text) as { id: string }[]).map(({ id }) => id),
      [handed(2).id]
    )
    assert.equal(headers['feed-gap'], undefined)
    // holds again, and a second outage is like the first
    const holding = raw(feed).send(
      `GET /feeds/updates?lastEventId=${handed(2).id}&timeout=60000 HTTP/1.1\r\nHost: localhost\r\n\r\n`
    )
    await until(() => feed.counters().connections === 1)
    await feed.goAway()
    await holding.closed
    await feed.comeBack(feed.address)
    assert.equal((await ask(feed, '/latest/updates')).status, 200)
  })

  it('stays away while another program has its port', async () => {
    const feed = await open()
    await feed.goAway()
    const intruder = createServer().listen(feed.address.port, '127.0.0.1')
    await once(intruder, 'listening')
    await assert.rejects(feed.comeBack(feed.address), { code: 'PORT_IN_USE' })
    intruder.close()
    await once(intruder, 'close')
    await feed.comeBack(feed.address)
    assert.equal((await ask(feed, '/clock')).status, 200)
  })

  it('closes', async () => {
    const feed = await open()
    await feed.goAway()
    await feed.close()
    await assert.rejects(ask(feed, '/clock'), refused)
  })
})
