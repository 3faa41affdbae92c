import assert from 'node:assert/strict'
import { request } from 'node:https'
import { createConnection } from 'node:net'
import { systemClock } from '../../../lib/clock.js'
import type { FeedOptions } from '../../../lib/feed/feed-server.js'
import { startServerThread } from '../../../lib/thread/server-thread.js'
import type { ServerThread, ThreadState } from '../../../lib/thread/server-thread-options.js'
import { selfSigned } from '../../helpers/certificate.js'
import { seededRandom } from '../../helpers/random.js'
import { ask as askPlain, feeds, handed, until } from './open.js'

describe('the feed over TLS', () => {
  const open = feeds()
  let tls: { key: string; cert: string }
  before(() => {
    tls = selfSigned()
  })

  const ask = (url: string): Promise<{ status: number; text: string }> =>
    new Promise((resolve, reject) => {
      const asked = request(url, { ca: tls.cert, agent: false }, answer => {
        answer.setEncoding('utf8')
        let text = ''
        answer.on('data', chunk => {
          text += chunk
        })
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
      })
      asked.on('error', reject)
      asked.end()
    })

  it('answers, small and large, and answers what it holds when it closes', async () => {
    const feed = await open({ tls, streams: ['updates', 'other'] })
    const update = handed(1, { payload: 'é'.repeat(300_000) })
    feed.accept(update)
    assert.equal((await ask(`${feed.url}/latest/updates`)).text, Buffer.from(update.body).toString())
    const held = ask(`${feed.url}/feeds/other?timeout=60000`)
    await ask(`${feed.url}/`)
    await feed.close()
    assert.deepEqual(await held, { status: 200, text: '[]' })
  })

  it('goes on after a client that speaks no TLS, and one that says nothing', async () => {
    const feed = await open({ tls, limits: { headerMs: 200 } })
    const talk = (text: string) =>
      new Promise<void>(resolve => {
        const socket = createConnection(feed.address.port, '127.0.0.1', () => socket.write(text))
        socket.on('error', () => socket.destroy())
        socket.on('close', () => resolve())
        socket.resume()
      })
    await Promise.all([talk('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'), talk('')])
    await until(() => feed.counters().connections === 0)
    assert.equal(feed.counters().refused, 2)
    assert.equal((await ask(`${feed.url}/`)).status, 200)
  })

  it('refuses connections before the process is out of descriptors', async () => {
    const feed = await open({ tls, limits: { descriptors: 2 } })
    await assert.rejects(ask(`${feed.url}/`))
    assert.equal(feed.counters().limits.descriptors, 1)
    await until(() => feed.counters().connections === 0)
  })

  it('says what is wrong with a certificate or a key', async () => {
    for (const bad of [
      {},
      { cert: tls.cert },
      { key: tls.key },
      { key: 'x', cert: tls.cert },
      { key: tls.key, cert: 'x' },
      { key: selfSigned().key, cert: tls.cert }
    ])
      await assert.rejects(open({ tls: bad }), { code: 'TLS_INVALID' })
  })
})

describe('the feed in a thread', () => {
  const server: FeedOptions = {
    host: '127.0.0.1',
    port: 0,
    tls: null,
    anonymous: false,
    streams: ['updates'],
    last: [],
    token: null,
    history: 10,
    cacheSeconds: 0,
    maxConnections: 10
  }
  const id = (sequence: number) => handed(sequence).id
  const page = async (feed: { url: string }, after: number) => {
    const { text, headers } = await askPlain(feed, `/feeds/updates?lastEventId=${id(after)}`)
    return [JSON.parse(text).map((event: { id: string }) => event.id), headers['feed-gap']]
  }

  /** Starts a thread, runs the test with it, ends it. */
  async function inThread(
    file: string,
    test: (thread: ServerThread, listening: () => { url: string } | null) => Promise<void>
  ): Promise<void> {
    let state: ThreadState = { kind: 'starting' }
    const thread = startServerThread({
      file: new URL(file, import.meta.url),
      server,
      clock: systemClock(),
      random: seededRandom(1),
      onState(next) {
        state = next
      },
      onNotice: () => undefined
    })
    try {
      thread.listen()
      await test(thread, () =>
        state.kind === 'listening' ? { url: `http://127.0.0.1:${state.address.port}` } : null
      )
    } finally {
      await thread.close()
    }
  }

  it('takes updates and serves them', () =>
    inThread('../../../lib/feed/feed-thread.js', async (thread, listening) => {
      await Promise.all([1, 2, 3].map(sequence => thread.accept(handed(sequence))))
      const feed = listening()
      assert.ok(feed)
      assert.deepEqual(await page(feed, 1), [[id(2), id(3)], undefined])
    }))

  it('comes back on its port with the last update when it dies, and tells older readers of the gap', () =>
    inThread('./mortal-feed-thread.js', async (thread, listening) => {
      await Promise.all([1, 2, 3].map(sequence => thread.accept(handed(sequence))))
      const before = listening()
      assert.ok(before)
      await assert.rejects(thread.accept(handed(99)), { code: 'THREAD_DIED' })
      await until(() => listening() !== null)
      assert.deepEqual(listening(), before)
      assert.equal((await askPlain(before, '/latest/updates')).headers.etag, `"${id(3)}"`)
      assert.deepEqual(await page(before, 3), [[], undefined])
      assert.deepEqual(await page(before, 2), [[id(3)], undefined])
      assert.deepEqual(await page(before, 1), [[id(3)], 'true'])
      await thread.accept(handed(101))
      assert.deepEqual(await page(before, 3), [[id(101)], 'true'])
    }))
})
