import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { gzipSync } from 'node:zlib'
import { systemClock } from '../../../lib/clock.js'
import { latestReading, logReading } from '../../../lib/poll/feed-reading.js'
import type { ItemFinders } from '../../../lib/poll/items.js'
import type { PollTarget } from '../../../lib/poll/poller-options.js'
import { firstItems, type PollTrial, type TryPollOptions, tryPoll } from '../../../lib/poll/try-poll.js'
import { urlReading } from '../../../lib/poll/url-reading.js'
import { encodeUpdate } from '../../../lib/update/cloudevents.js'
import { noFinders } from '../../../lib/update/foreign.js'
import { newEpoch, updateId } from '../../../lib/update/identity.js'
import { selfSigned } from '../../helpers/certificate.js'
import { seededRandom } from '../../helpers/random.js'
import { json, openSite, type Site } from './site.js'

const MEBIBYTE = 1_048_576

describe('trying one poll', () => {
  const sites: Site[] = []
  const site = async (...given: Parameters<typeof openSite>): Promise<Site> => {
    const opened = await openSite(...given)
    sites.push(opened)
    return opened
  }
  afterEach(() => Promise.all(sites.splice(0).map(opened => opened.close())))

  const target = (url: string): PollTarget => ({
    url: new URL(url),
    resource: url,
    tls: undefined,
    authentication: { type: 'none' }
  })
  const attempt = (
    url: string,
    { finders, ...options }: Partial<TryPollOptions> & { finders?: Partial<ItemFinders> } = {}
  ): Promise<PollTrial> =>
    tryPoll({
      clock: systemClock(),
      random: seededRandom(1),
      reading: urlReading({
        finders: { items: null, ...noFinders, ...finders },
        responseType: 'auto',
        start: 'oldest',
        every: false
      }),
      read: 'latest',
      accept: '*/*',
      withinMs: 5000,
      maxBodyBytes: MEBIBYTE,
      signal: new AbortController().signal,
      proxy: () => null,
      target: () => target(url),
      headers: () => ({}),
      ...options
    })
  const path = (name: string) => (item: unknown) => (item as Record<string, unknown>)[name]

  it('tells status, the headers that matter, size, and the first of all updates that items found', async () => {
    const list = { items: [5, 3, 4].map(n => ({ id: `q${n}`, time: `2026-01-0${n}T00:00:00Z` })) }
    const { url } = await site(json(list, { etag: '"v1"', 'set-cookie': 'session=1', 'x-other': 'x' }))
    const trial = await attempt(url, {
      finders: { items: path('items'), id: path('id'), time: path('time') }
    })
    assert.equal(trial.error, null)
    assert.equal(trial.statusCode, 200)
    assert.equal(trial.headers['content-type'], 'application/json')
    assert.equal(trial.headers.etag, '"v1"')
    assert.ok(trial.headers.date)
    assert.deepEqual([trial.headers['set-cookie'], trial.headers['x-other']], [undefined, undefined])
    assert.equal(trial.bodyBytes, JSON.stringify(list).length)
    assert.ok(trial.bytesReceived > JSON.stringify(list).length)
    assert.equal(trial.updates, 3)
    assert.deepEqual(trial.first, {
      id: 'q3',
      generatedAt: Date.UTC(2026, 0, 3),
      timeZoneMissing: false
    })
    assert.equal(trial.origin, url)
    assert.ok(trial.ms > 0)
  })

  it('asks exactly once, and leaves no connection behind', async () => {
    const { url, requests, server } = await site(json({ a: 1 }))
    assert.equal((await attempt(url)).updates, 1)
    assert.equal(requests.length, 1)
    server.close()
    await new Promise(resolve => server.once('close', resolve))
  })

  it('tells a refusal by its code, with status and headers', async () => {
    const refuse =
      (status: number, headers: Record<string, string>): RequestListener =>
      (_request, response) => {
        response.writeHead(status, headers).end('no')
      }
    const cases = [
      [401, { 'www-authenticate': 'Basic realm="x"' }, 'HTTP_STATUS'],
      [404, {}, 'HTTP_STATUS'],
      [429, { 'retry-after': '60' }, 'RETRY_AFTER'],
      [500, {}, 'HTTP_STATUS']
    ] as const
    for (const [status, headers, code] of cases) {
      const { url } = await site(refuse(status, headers))
      const trial = await attempt(`${url}/x`)
      assert.deepEqual([trial.error?.code, trial.statusCode, trial.updates], [code, status, 0])
      for (const [name, value] of Object.entries(headers)) assert.equal(trial.headers[name], value)
    }
  })

  it('says that a page is not JSON, and shows what came', async () => {
    const { url } = await site((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><p>Hello')
    })
    const trial = await attempt(url, { finders: { items: path('items') } })
    assert.equal(trial.error?.code, 'BODY_INVALID')
    assert.match(trial.error?.message ?? '', /Expected JSON, found \(text\/html\) markup/)
    assert.equal(trial.headers['content-type'], 'text/html')
  })

  it('says when there is no list at items', async () => {
    const { url } = await site(json({ items: { a: 1 } }))
    const trial = await attempt(url, { finders: { items: path('items') } })
    assert.equal(trial.error?.code, 'ITEMS_INVALID')
  })

  it('an answer without content is no error: it brings nothing', async () => {
    const { url } = await site((_request, response) => {
      response.writeHead(204, { etag: '"0"' }).end()
    })
    const trial = await attempt(url)
    assert.deepEqual(
      [trial.error, trial.statusCode, trial.updates, trial.headers.etag],
      [null, 204, 0, '"0"']
    )
  })

  it('ends in time when no answer comes, and drops the connection', async () => {
    const { url, server } = await site(() => {})
    const dropped = new Promise(resolve =>
      server.once('request', request => request.socket.once('close', resolve))
    )
    const trial = await attempt(url, { withinMs: 200 })
    assert.equal(trial.error?.code, 'TIMEOUT')
    assert.equal(trial.statusCode, null)
    await dropped
  })

  it('ends in time when a body never ends', async () => {
    const { url } = await site((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('[')
    })
    assert.equal((await attempt(url, { withinMs: 200 })).error?.code, 'TIMEOUT')
  })

  it('ends in time when the target is never found, and when headers never are', async () => {
    const never = new Promise<never>(() => {})
    assert.equal(
      (await attempt('http://127.0.0.1', { withinMs: 50, target: () => never })).error?.code,
      'TIMEOUT'
    )
    assert.equal(
      (await attempt('http://127.0.0.1', { withinMs: 50, headers: () => never })).error?.code,
      'TIMEOUT'
    )
  })

  it('stops when nobody waits any more', async () => {
    const leaving = new AbortController()
    const { url, server } = await site(() => leaving.abort())
    const dropped = new Promise(resolve =>
      server.once('request', request => request.socket.once('close', resolve))
    )
    assert.equal((await attempt(url, { signal: leaving.signal })).error?.code, 'SERVER_CLOSED')
    await dropped
    assert.equal((await attempt(url, { signal: leaving.signal })).error?.code, 'SERVER_CLOSED')
  })

  it('says where a connection failed', async () => {
    const closed = await site(json({}))
    await closed.close()
    const trial = await attempt(closed.url)
    assert.equal(trial.error?.code, 'REQUEST_FAILED')
    assert.match(trial.error?.message ?? '', /ECONNREFUSED/)
    assert.equal(trial.origin, closed.url)
  })

  it('follows redirects, and gives up on a loop', async () => {
    const { url } = await site((request, response) => {
      if (request.url === '/here') json({ a: 1 })(request, response)
      else response.writeHead(302, { location: request.url === '/loop' ? '/loop' : '/here' }).end()
    })
    const followed = await attempt(`${url}/moved`)
    assert.deepEqual([followed.error, followed.redirects, followed.statusCode], [null, 1, 200])
    const loop = await attempt(`${url}/loop`)
    assert.deepEqual([loop.error?.code, loop.statusCode], ['TOO_MANY_REDIRECTS', 302])
  })

  it('takes credentials to the same origin only', async () => {
    const stranger = await site(json({ a: 1 }))
    const { url } = await site((_request, response) => {
      response.writeHead(307, { location: stranger.url }).end()
    })
    const trial = await attempt(url, {
      target: () => ({ ...target(url), authentication: { type: 'bearer', token: 'secret' } })
    })
    assert.equal(trial.origin, stranger.url)
    assert.equal(stranger.requests[0]?.headers.authorization, undefined)
  })

  it('reads no more than it may, however large the body says it is or turns out to be', async () => {
    const announced = await site((_request, response) => {
      response.writeHead(200, { 'content-length': String(100 * MEBIBYTE) }).write('x')
    })
    const sent: number[] = []
    const endless = await site((_request, response) => {
      const chunk = Buffer.alloc(65_536, 'x')
      const more = () => {
        sent.push(chunk.length)
        if (sent.length < 1600 && !response.destroyed && response.write(chunk)) setImmediate(more)
        else response.once('drain', more)
      }
      more()
    })
    for (const { url } of [announced, endless])
      assert.equal((await attempt(url)).error?.code, 'BODY_TOO_LARGE')
    assert.ok(sent.length < 400, `${sent.length} chunks of 64 KiB were taken`)
  })

  it('inflates no more than it may: a small bomb stays small', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * MEBIBYTE, 0x20))
    assert.ok(bomb.length < MEBIBYTE)
    const { url } = await site((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)
    })
    const trial = await attempt(url)
    assert.deepEqual([trial.error?.code, trial.bodyBytes], ['BODY_TOO_LARGE', bomb.length])
  })

  it('does not trust a certificate that nobody issued', async () => {
    const certificate = selfSigned()
    const { url } = await site(json({ a: 1 }), { ...certificate })
    const trial = await attempt(url)
    assert.equal(trial.error?.code, 'REQUEST_FAILED')
    assert.match(trial.error?.message ?? '', /self.signed/)
    const trusted = await attempt(url, {
      target: () => ({ ...target(url), tls: { ca: certificate.cert } })
    })
    assert.deepEqual([trusted.error, trusted.updates], [null, 1])
  })

  it('counts all items of a long list, and looks at the first ones alone', async () => {
    const { url } = await site(json(Array.from({ length: 5000 }, (_, n) => ({ id: n }))))
    let looked = 0
    let count = 0
    const id = (item: unknown) => {
      looked += 1
      return path('id')(item)
    }
    const items = firstItems(
      list => list,
      1000,
      found => {
        count = found
      }
    )
    const trial = await attempt(url, { finders: { items, id } })
    assert.deepEqual([count, looked, trial.updates, trial.first?.id], [5000, 1000, 1000, '0'])
  })

  describe('of a feed', () => {
    const epoch = newEpoch(Date.UTC(2026, 0, 1), () => 0.5)
    const update = (sequence: number) => {
      const generatedAt = Date.UTC(2026, 0, 1, 0, 0, sequence)
      const known = { stream: 'updates', origin: 'o', id: updateId(epoch, sequence), epoch, sequence }
      const update = { ...known, generatedAt, dueAt: generatedAt, speed: 1 }
      return encodeUpdate(update, { n: sequence }, null).toString()
    }
    const feed: RequestListener = (request, response) => {
      const { pathname } = new URL(request.url ?? '', 'http://localhost')
      if (pathname === '/latest/updates')
        response.writeHead(200, { 'content-type': 'application/cloudevents+json' }).end(update(7))
      else
        response
          .writeHead(200, { 'content-type': 'application/cloudevents-batch+json' })
          .end(`[${Array.from({ length: 100 }, (_, n) => update(n + 1)).join()}]`)
    }

    it('asks for the latest value', async () => {
      const { url } = await site(feed)
      const trial = await attempt(url, { reading: latestReading('updates', false) })
      assert.deepEqual(
        [trial.error, trial.updates, trial.more, trial.first?.id],
        [null, 1, false, updateId(epoch, 7)]
      )
    })

    it('asks for one page of the log and no more', async () => {
      const { url, requests } = await site(feed)
      const trial = await attempt(url, { reading: logReading('updates', 'oldest'), read: 'log' })
      assert.deepEqual(
        [trial.error, trial.updates, trial.more, trial.first?.id, trial.first?.generatedAt],
        [null, 100, true, updateId(epoch, 1), Date.UTC(2026, 0, 1, 0, 0, 1)]
      )
      assert.equal(requests.length, 1)
    })
  })
})
