import assert from 'node:assert/strict'
import { systemClock } from '../../../lib/clock.js'
import { startFeed } from '../../../lib/feed/feed-server.js'
import { latestReading, logReading } from '../../../lib/poll/feed-reading.js'
import type { Start } from '../../../lib/poll/reading.js'
import type { ThreadServer } from '../../../lib/thread/thread-server.js'
import { encodeUpdate } from '../../../lib/update/cloudevents.js'
import { newEpoch, updateId } from '../../../lib/update/identity.js'
import { type Lab, type LabOptions, openLab } from './lab.js'
import { openSite } from './site.js'

describe('reading our own feed', () => {
  const clock = systemClock()
  const closers: (() => unknown)[] = []
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close()
  })

  async function openFeed(
    history = 1000
  ): Promise<{ url: string; feed: ThreadServer; publish(count: number): void }> {
    const feed = await startFeed(
      {
        host: '127.0.0.1',
        port: 0,
        tls: null,
        anonymous: false,
        streams: ['plant/line 1'],
        last: [],
        token: 'secret',
        history,
        cacheSeconds: 0,
        maxConnections: 100
      },
      () => {}
    )
    closers.push(() => feed.close())
    const epoch = newEpoch(clock.now(), Math.random)
    let sequence = 0
    const publish = (count: number) => {
      for (let index = 0; index < count; index += 1) {
        sequence += 1
        const id = updateId(epoch, sequence)
        const stamp = { stream: 'plant/line 1', id, epoch, sequence, generatedAt: clock.now() }
        const body = encodeUpdate({ ...stamp, origin: 'o', dueAt: null, speed: null }, { n: sequence }, null)
        void feed.accept({ ...stamp, body, qos: 0, retain: false })
      }
    }
    return { url: `http://127.0.0.1:${feed.address.port}`, feed, publish }
  }

  function lab(
    url: string,
    read: 'latest' | 'log',
    start: Start = 'newest',
    more: Partial<LabOptions> = {}
  ): Lab {
    const stream = 'plant/line 1'
    const opened = openLab({
      url,
      stream,
      read,
      reading: read === 'latest' ? latestReading(stream, more.every ?? false) : logReading(stream, start),
      authentication: { type: 'bearer', token: 'secret' },
      sameClock: true,
      ...more
    })
    closers.push(() => opened.poller.close())
    return opened
  }
  const sequences = ({ received }: Lab) => received.map(({ delivery }) => delivery.sequence)

  it('latest: nothing yet, an update, the same one again, a newer one', async () => {
    const { url, publish } = await openFeed()
    const latest = lab(url, 'latest')
    const { poller, received, outcomes, exchanges } = latest
    await poller.poll('a')
    publish(1)
    await poller.poll('b')
    await poller.poll('c')
    publish(3)
    await poller.poll('d')
    assert.deepEqual(outcomes(), ['empty', 'updated', 'not-modified', 'updated'])
    assert.deepEqual(sequences(latest), [1, 4])
    const [first] = received
    assert.deepEqual(
      [first?.payload, first?.delivery.model, first?.delivery.read],
      [{ n: 1 }, 'pull', 'latest']
    )
    assert.equal(first?.delivery.exchangeId, exchanges[1]?.id)
    assert.equal(
      first?.delivery.latencyMs,
      (first?.delivery.receivedAt ?? 0) - (first?.delivery.generatedAt ?? 0)
    )
    assert.equal(first?.delivery.since, exchanges[0]?.startedAt)
    assert.equal(first?.delivery.catchUp, false)
    assert.deepEqual(exchanges[3]?.clock, { offsetMs: 0, errorMs: 0 })
    assert.deepEqual(latest.order, ['empty', 'delivery', 'updated', 'not-modified', 'delivery', 'updated'])
  })

  it('latest: what was there before the first poll is catch-up', async () => {
    const { url, publish } = await openFeed()
    publish(2)
    const latest = lab(url, 'latest')
    await latest.poller.poll('a')
    assert.deepEqual([sequences(latest), latest.received[0]?.delivery.catchUp], [[2], true])
  })

  it('latest, every poll a message: repeats are duplicates in an empty poll', async () => {
    const { url, publish } = await openFeed()
    publish(1)
    const latest = lab(url, 'latest', 'newest', { every: true })
    await latest.poller.poll('a')
    await latest.poller.poll('b')
    assert.deepEqual(latest.outcomes(), ['updated', 'empty'])
    assert.deepEqual(
      latest.received.map(({ delivery }) => delivery.duplicate),
      [false, true]
    )
    assert.equal(latest.poller.report().totals.updates, 1)
  })

  it('log, newest: its run begins where its position is known, so that nothing generated on the way there counts as lost', async () => {
    const { url, publish } = await openFeed()
    publish(1)
    const site = await openSite(async ({ url: path = '', headers }, response) => {
      if (path.startsWith('/latest')) publish(2)
      const answer = await fetch(url + path, { headers: { authorization: headers.authorization ?? '' } })
      response.writeHead(answer.status, { etag: answer.headers.get('etag') ?? '' }).end(await answer.text())
    })
    closers.push(() => site.close())
    const log = lab(site.url, 'log', 'newest')
    const { poller, exchanges, received } = log
    await poller.poll('a')
    const known = clock.now()
    publish(1)
    await poller.poll('b')
    assert.deepEqual(sequences(log), [4])
    const since = received[0]?.delivery.since ?? 0
    assert.equal(since, exchanges[0]?.endedAt)
    assert.ok(since > (exchanges[0]?.startedAt ?? 0) && since <= known)
    assert.equal(received[0]?.delivery.catchUp, false)
  })

  it('log from the newest: begins behind the present update, then misses none', async () => {
    const { url, publish } = await openFeed()
    publish(5)
    const log = lab(url, 'log')
    await log.poller.poll('a')
    assert.deepEqual([sequences(log), log.outcomes()], [[], ['empty', 'empty']])
    publish(3)
    await log.poller.poll('b')
    assert.deepEqual(sequences(log), [6, 7, 8])
  })

  it('log from the newest of a stream without updates: from the beginning', async () => {
    const { url, publish } = await openFeed()
    const log = lab(url, 'log')
    await log.poller.poll('a')
    publish(2)
    await log.poller.poll('b')
    assert.deepEqual(sequences(log), [1, 2])
  })

  it('log from the oldest: pages until a short one, each an exchange; the cursor goes on in the next run', async () => {
    const { url, publish } = await openFeed()
    publish(250)
    const log = lab(url, 'log', 'oldest')
    await log.poller.poll('a')
    assert.deepEqual(
      sequences(log),
      Array.from({ length: 250 }, (_, index) => index + 1)
    )
    assert.deepEqual(
      log.exchanges.map(({ updates }) => updates),
      [100, 100, 50]
    )
    assert.ok(log.received.every(({ delivery }) => delivery.catchUp))
    const cursors = JSON.parse(JSON.stringify(log.poller.cursors())) as ReturnType<typeof log.poller.cursors>
    await log.poller.close()
    publish(1)
    const next = lab(url, 'log', 'oldest', { cursors })
    await next.poller.poll('b')
    assert.deepEqual(sequences(next), [251])
    assert.equal(next.received[0]?.delivery.catchUp, true)
    next.poller.reset()
    await next.poller.poll('c')
    assert.equal(next.received.length, 252)
  })

  it('log: a cursor that the feed has dropped goes on at the oldest kept update', async () => {
    const { url, publish } = await openFeed(10)
    publish(1)
    const log = lab(url, 'log', 'oldest')
    await log.poller.poll('a')
    publish(30)
    await log.poller.poll('b')
    assert.deepEqual(sequences(log), [1, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31])
  })

  it('log: pages too large for the cap are asked for in smaller ones', async () => {
    const { url, publish } = await openFeed()
    publish(100)
    const log = lab(url, 'log', 'oldest', { maxBodyBytes: 5000 })
    for (let count = 0; count < 4 && log.received.length === 0; count += 1)
      await log.poller
        .poll('a')
        .catch((error: { code: string }) => assert.equal(error.code, 'BODY_TOO_LARGE'))
    assert.equal(log.received.length, 100)
  })

  for (const read of ['latest', 'log'] as const)
    it(`long poll, ${read}: the answer comes with the update`, async () => {
      const { url, publish } = await openFeed()
      publish(1)
      const long = lab(url, read, 'newest', { trigger: 'long-poll', waitMs: 20_000 })
      const first = long.nextExchange()
      long.poller.start()
      await first
      // the request that is now held was sent in the same turn or the next; the feed answers it whenever
      await new Promise(resolve => setTimeout(resolve, 50))
      publish(1)
      while (sequences(long).at(-1) !== 2) await long.nextExchange()
      const held = long.exchanges.at(-1)
      assert.equal(held?.outcome, 'updated')
      assert.ok((held?.endedAt ?? 0) - (held?.startedAt ?? 0) > 20)
      assert.ok((long.received.at(-1)?.delivery.latencyMs ?? 1e9) < 2000)
      assert.equal(held?.settings.waitMs, 20_000)
      assert.equal(long.exchanges.filter(({ outcome }) => outcome === 'error').length, 0)
    })

  it('a held poll is given up when paused, and costs one empty request', async () => {
    const { url, publish } = await openFeed()
    publish(1)
    const long = lab(url, 'latest', 'newest', { trigger: 'long-poll' })
    const first = long.nextExchange()
    long.poller.start()
    await first
    await new Promise(resolve => setTimeout(resolve, 20))
    const given = long.nextExchange()
    long.poller.setRunning(false)
    assert.equal((await given).outcome, 'empty')
    assert.deepEqual([long.poller.report().totals.requests, long.errors], [2, []])
  })

  it('refuses a wrong token and a document that is no update', async () => {
    const { url } = await openFeed()
    const wrong = lab(url, 'latest', 'newest', { authentication: { type: 'bearer', token: 'no' } })
    await assert.rejects(wrong.poller.poll('a'), /found 401 Unauthorized/)
    const list = lab(url, 'latest', 'newest', {
      reading: async ({ run, url: base }) => {
        const answer = await run.ask(new URL('/', base), {}, 0)
        await run.payload(answer, 'json', true)
        throw Object.assign(new Error('no update'), { code: 'X' })
      }
    })
    await assert.rejects(list.poller.poll('a'), { code: 'REQUEST_FAILED' })
  })

  it('counts an unanswered beginning as a run of its own', async () => {
    const { url, feed, publish } = await openFeed()
    publish(1)
    await feed.close()
    const latest = lab(url, 'latest')
    await assert.rejects(latest.poller.poll('a'))
    await assert.rejects(latest.poller.poll('b'))
    const [first, second] = latest.exchanges
    assert.deepEqual([first?.since, second?.totals.errors], [second?.since, 2])
    const again = await startFeed(
      {
        host: '127.0.0.1',
        port: feed.address.port,
        tls: null,
        anonymous: true,
        streams: ['plant/line 1'],
        last: [],
        token: null,
        history: 10,
        cacheSeconds: 0,
        maxConnections: 10
      },
      () => {}
    )
    closers.push(() => again.close())
    await latest.poller.poll('c')
    const third = latest.exchanges.at(-1)
    assert.equal(third?.since, third?.startedAt)
    assert.deepEqual([third?.totals.errors, third?.totals.requests, third?.totals.empty], [0, 1, 1])
    assert.equal(third?.totals.bytesSent, third?.bytesSent)
  })
})
