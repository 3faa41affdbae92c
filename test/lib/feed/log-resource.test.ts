import assert from 'node:assert/strict'
import { updateId } from '../../../lib/update/identity.js'
import { FakeClock } from '../../helpers/fake-clock.js'
import { type Answer, ask, EPOCH, feeds, handed, LATER_EPOCH, until } from './open.js'

const id = (sequence: number, epoch = EPOCH) => updateId(epoch, sequence)

/** Sequences of a page, its gap and its caching. */
const facts = ({ status, text, headers }: Answer) => {
  assert.equal(status, 200)
  assert.equal(headers['content-type'], 'application/cloudevents-batch+json')
  assert.equal(headers.vary, 'Prefer')
  const events = JSON.parse(text) as { sequence: string }[]
  return [events.map(event => Number(event.sequence)), headers['feed-gap'], headers['cache-control']]
}

const FOR_EVER = 'public, max-age=31536000, immutable'

describe('GET /feeds/<stream>', () => {
  const open = feeds()
  const page = async (feed: { url: string }, query = '', headers = {}) =>
    facts(await ask(feed, `/feeds/updates${query}`, { headers }))

  it('gives pages in order, to the end', async () => {
    const feed = await open()
    for (let sequence = 1; sequence <= 250; sequence++) feed.accept(handed(sequence))
    const read: number[] = []
    let cursor = ''
    for (let full = true; full; ) {
      const answer = await ask(feed, `/feeds/updates?lastEventId=${cursor}`)
      const events = JSON.parse(answer.text) as { id: string; sequence: string }[]
      read.push(...events.map(event => Number(event.sequence)))
      cursor = events.at(-1)?.id ?? cursor
      full = events.length > 0
    }
    assert.deepEqual(
      read,
      Array.from({ length: 250 }, (_, index) => index + 1)
    )
    assert.deepEqual(await page(feed, `?lastEventId=${cursor}`), [[], undefined, 'no-cache'])
  })

  it('gives the bytes of the updates between brackets, short or long', async () => {
    const feed = await open()
    const updates = [1, 2, 3].map(sequence => handed(sequence, { payload: 'é'.repeat(5000) }))
    for (const update of updates) feed.accept(update)
    const texts = updates.map(({ body }) => Buffer.from(body).toString())
    assert.equal((await ask(feed, '/feeds/updates?limit=1')).text, `[${texts[0]}]`)
    for (const _ of [1, 2]) assert.equal((await ask(feed, '/feeds/updates')).text, `[${texts.join(',')}]`)
  })

  it('may be kept for ever only when it is a full page after a kept cursor', async () => {
    const feed = await open({ history: 4 })
    for (let sequence = 1; sequence <= 6; sequence++) feed.accept(handed(sequence))
    assert.deepEqual(await page(feed, `?limit=2&lastEventId=${id(3)}`), [[4, 5], undefined, FOR_EVER])
    assert.deepEqual(await page(feed, `?limit=3&lastEventId=${id(3)}`), [[4, 5, 6], undefined, FOR_EVER])
    assert.deepEqual(await page(feed, `?limit=4&lastEventId=${id(3)}`), [[4, 5, 6], undefined, 'no-cache'])
    assert.deepEqual(await page(feed, `?limit=2&lastEventId=${id(2)}`), [[3, 4], undefined, 'no-cache'])
    assert.deepEqual(await page(feed, `?limit=2&lastEventId=${id(1)}`), [[3, 4], 'true', 'no-cache'])
    assert.deepEqual(await page(feed, '?limit=2'), [[3, 4], undefined, 'no-cache'])
  })

  it('follows the caching of the feed, but is private with a token', async () => {
    const cached = await open({ cacheSeconds: 3 })
    const secret = await open({ token: 's', cacheSeconds: 3 })
    for (const feed of [cached, secret]) for (const sequence of [1, 2]) feed.accept(handed(sequence))
    const full = `?limit=1&lastEventId=${id(1)}`
    assert.deepEqual(await page(cached), [[1, 2], undefined, 'public, max-age=3'])
    assert.deepEqual(await page(cached, full), [[2], undefined, FOR_EVER])
    const headers = { Authorization: 'Bearer s' }
    assert.deepEqual(await page(secret, full, headers), [[2], undefined, 'private, no-store'])
  })

  it('reads across restarts of the origin, and says where something may be missing', async () => {
    const feed = await open({ history: 4 })
    for (const sequence of [1, 2, 3]) feed.accept(handed(sequence))
    for (const sequence of [1, 2]) feed.accept(handed(sequence, { epoch: LATER_EPOCH }))
    assert.deepEqual(await page(feed, `?lastEventId=${id(2)}`), [[3, 1, 2], undefined, 'no-cache'])
    assert.deepEqual(await page(feed, `?lastEventId=${id(1)}`), [[2, 3, 1, 2], undefined, 'no-cache'])
    assert.deepEqual(await page(feed, `?lastEventId=${id(1, LATER_EPOCH)}`), [[2], undefined, 'no-cache'])
    assert.deepEqual(await page(feed, `?lastEventId=${id(9, LATER_EPOCH)}`), [
      [2, 3, 1, 2],
      'true',
      'no-cache'
    ])
    assert.deepEqual(await page(feed, '?lastEventId=nonsense'), [[2, 3, 1, 2], 'true', 'no-cache'])
  })

  it('holds a reader that has everything until the next update', async () => {
    const clock = new FakeClock()
    const feed = await open({}, clock)
    feed.accept(handed(1))
    const answers = [1, 2, 3].map(() => page(feed, `?lastEventId=${id(1)}&timeout=60000&limit=1`))
    await until(() => clock.pending === 3)
    feed.accept(handed(2))
    feed.accept(handed(3))
    for (const answer of await Promise.all(answers)) assert.deepEqual(answer, [[2], undefined, 'no-store'])
    assert.equal(clock.pending, 0)
  })

  it('holds while the log is empty, for any cursor and for none, until the first update', async () => {
    const clock = new FakeClock()
    const feed = await open({}, clock)
    const answers = [`&lastEventId=${id(3)}`, `&lastEventId=${id(1)}`, ''].map(cursor =>
      page(feed, `?timeout=1000${cursor}`)
    )
    await until(() => clock.pending === 3)
    feed.accept(handed(4))
    assert.deepEqual(await Promise.all(answers), [
      [[4], undefined, 'no-store'],
      [[4], 'true', 'no-store'],
      [[4], undefined, 'no-store']
    ])
  })

  it('answers an unknown cursor at once when there is anything to send', async () => {
    const feed = await open()
    feed.accept(handed(1))
    assert.deepEqual(await page(feed, '?timeout=60000&lastEventId=x'), [[1], 'true', 'no-cache'])
    assert.deepEqual(await page(feed, '?timeout=60000'), [[1], undefined, 'no-cache'])
  })

  it('answers [] when time is up', async () => {
    const clock = new FakeClock()
    const feed = await open({}, clock)
    const unknown = page(feed, '?timeout=500&lastEventId=x')
    await until(() => clock.pending === 1)
    clock.advance(500)
    assert.deepEqual(await unknown, [[], 'true', 'no-store'])
    feed.accept(handed(1))
    const upToDate = page(feed, `?timeout=500&lastEventId=${id(1)}`)
    await until(() => clock.pending === 1)
    clock.advance(499)
    assert.equal(clock.pending, 1)
    clock.advance(1)
    assert.deepEqual(await upToDate, [[], undefined, 'no-store'])
  })

  it('keeps the cursor of a held reader although the log keeps one update only', async () => {
    const clock = new FakeClock()
    const feed = await open({ history: 1 }, clock)
    feed.accept(handed(1))
    const answer = page(feed, `?timeout=500&lastEventId=${id(1)}`)
    await until(() => clock.pending === 1)
    feed.accept(handed(2))
    assert.deepEqual(await answer, [[2], undefined, 'no-store'])
  })

  it('answers HEAD without a hold', async () => {
    const feed = await open()
    const answer = await ask(feed, '/feeds/updates?timeout=60000', { method: 'HEAD' })
    assert.deepEqual([answer.status, answer.text, answer.headers['content-length']], [200, '', '2'])
  })

  it('answers 400 with a code and a sentence to a bad parameter', async () => {
    const feed = await open()
    for (const query of ['limit=0', 'limit=1001', 'timeout=60001', 'timeout=-1', 'limit=%zz']) {
      const { status, text, headers } = await ask(feed, `/feeds/updates?${query}`)
      assert.equal(status, 400, query)
      assert.equal(headers['content-type'], 'application/json')
      const { error, message } = JSON.parse(text)
      assert.equal(error, 'PARAMETER_INVALID')
      assert.match(message, /^Expected .* found/)
    }
  })

  it('begins with the last update that the server before this one had', async () => {
    const feed = await open({ last: [handed(5)] })
    assert.deepEqual(await page(feed, `?lastEventId=${id(5)}`), [[], undefined, 'no-cache'])
    assert.deepEqual(await page(feed, `?lastEventId=${id(2)}`), [[5], 'true', 'no-cache'])
    assert.equal((await ask(feed, '/latest/updates')).headers.etag, `"${id(5)}"`)
    feed.accept(handed(7))
    assert.deepEqual(await page(feed, `?lastEventId=${id(5)}`), [[7], 'true', 'no-cache'])
  })

  it('counts what leaves a log that is full, in number or in bytes', async () => {
    const bytes = handed(1, { payload: 'x'.repeat(1000) }).body.byteLength
    const feed = await open({ history: 3, limits: { historyBytes: 2 * bytes } })
    for (const sequence of [1, 2, 3]) feed.accept(handed(sequence, { payload: 'x'.repeat(1000) }))
    assert.deepEqual(await page(feed), [[2, 3], undefined, 'no-cache'])
    const { expired, updates, limits } = feed.counters()
    assert.deepEqual([expired, updates, limits], [1, 3, { historyBytes: 1 }])
  })

  it('cuts a page at its bytes and goes on from there', async () => {
    const bytes = handed(1, { payload: 'x'.repeat(1000) }).body.byteLength
    const feed = await open({ limits: { pageBytes: 2 * bytes + 2 } })
    for (const sequence of [1, 2, 3]) feed.accept(handed(sequence, { payload: 'x'.repeat(1000) }))
    assert.deepEqual(await page(feed, `?lastEventId=${id(0)}`), [[1, 2], undefined, 'no-cache'])
    assert.deepEqual(await page(feed, `?lastEventId=${id(2)}`), [[3], undefined, 'no-cache'])
  })
})
