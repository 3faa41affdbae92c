import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { systemClock } from '../../../lib/clock.js'
import { DeliveryMetrics } from '../../../lib/metrics/delivery-metrics.js'
import { readDelivery, readExchange } from '../../../lib/metrics/records.js'
import { latestReading, logReading } from '../../../lib/poll/feed-reading.js'
import { ServerClock } from '../../../lib/poll/server-clock.js'
import type { Ms } from '../../../lib/units.js'
import { seededRandom } from '../../helpers/random.js'
import { openLab } from './lab.js'
import { openSite } from './site.js'

describe('a server’s clock', () => {
  /** Rounds of eight requests over a way whose two directions take whatever they like. */
  function rounds(offsetOf: (at: Ms) => Ms, everyMs: Ms, count: number) {
    const random = seededRandom(3)
    const server = new ServerClock()
    const checks: { readonly at: Ms; readonly error: Ms; readonly bound: Ms }[] = []
    let at = 0
    for (let round = 0; round < count; round += 1) {
      const stamps = Array.from({ length: 8 }, () => {
        const askedAt = at
        const receivedAt = askedAt + 0.2 + 30 * random() ** 4
        const sentAt = receivedAt + 0.1
        at = sentAt + 0.2 + 5 * random() ** 4
        return {
          askedAt,
          receivedAt: receivedAt + offsetOf(receivedAt),
          sentAt: sentAt + offsetOf(sentAt),
          answeredAt: at
        }
      })
      server.record(stamps)
      for (let part = 0; part <= 4; part += 1) {
        const now = at + (part * everyMs) / 4
        const { offsetMs = Number.NaN, errorMs = Number.NaN } = server.at(now) ?? {}
        checks.push({ at: now, error: Math.abs(offsetMs - offsetOf(now)), bound: errorMs })
      }
      at += everyMs
    }
    return checks
  }

  it('is known from the request with the least delay, to half of it', () => {
    const server = new ServerClock()
    assert.equal(server.at(0), null)
    server.record([
      { askedAt: 0, receivedAt: 1050, sentAt: 1051, answeredAt: 91 },
      { askedAt: 100, receivedAt: 1104, sentAt: 1105, answeredAt: 107 },
      { askedAt: 200, receivedAt: 1203, sentAt: 1204, answeredAt: 290 }
    ])
    assert.deepEqual(server.at(107), { offsetMs: 1001, errorMs: 3 })
  })

  it('stays within its bound for hours while it drifts, and the bound stays small', () => {
    for (const drift of [-80e-6, 0, 80e-6]) {
      const checks = rounds(at => -3_600_000 + drift * at, 60_000, 120)
      for (const { error, bound } of checks) assert.ok(error <= bound, `${error} within ${bound}`)
      const later = checks.slice(20).map(({ bound }) => bound)
      assert.ok(Math.max(...later) < 4, `${Math.max(...later)}`)
    }
  })

  it('is known anew after it was set', () => {
    const checks = rounds(at => (at < 600_000 ? 0 : 5000), 60_000, 30)
    for (const { at, error, bound } of checks) if (at > 665_000 || at < 600_000) assert.ok(error <= bound)
  })

  it('is null while it does not tell', () => {
    const server = new ServerClock()
    server.record([])
    assert.equal(server.at(0), null)
  })
})

describe('polling a feed whose clock is wrong', () => {
  const closers: (() => unknown)[] = []
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close()
  })

  async function skewedFeed(aheadMs: Ms, drift: number) {
    const thread = new Worker(new URL('./skewed-feed-thread.js', import.meta.url), {
      workerData: { aheadMs, drift }
    })
    closers.push(async () => {
      const ended = once(thread, 'exit')
      thread.postMessage('close')
      await ended
    })
    const [{ port }] = (await once(thread, 'message')) as [{ port: number }]
    return {
      url: `http://127.0.0.1:${port}`,
      async publish() {
        const told = once(thread, 'message')
        thread.postMessage('publish')
        return ((await told) as [{ trueAt: number; offsetMs: Ms }])[0]
      }
    }
  }

  for (const [name, aheadMs, drift] of [
    ['an hour ahead and fast', 3_600_000, 90e-6],
    ['a minute behind and slow', -60_000, -90e-6]
  ] as const)
    it(`tells by how much, and counts what it delivers by our clock: ${name}`, async () => {
      const feed = await skewedFeed(aheadMs, drift)
      const url = new URL(feed.url)
      const target = {
        url,
        clockUrl: new URL('/clock', url),
        resource: 'feed',
        tls: undefined,
        authentication: { type: 'bearer', token: 'secret' } as const
      }
      const lab = openLab({
        url: feed.url,
        reading: logReading('updates', 'newest'),
        read: 'log',
        target: () => target
      })
      closers.push(() => lab.poller.close())
      await feed.publish()
      await lab.poller.poll('first')
      for (let update = 0; update < 3; update += 1) {
        const { trueAt, offsetMs } = await feed.publish()
        await lab.poller.poll('next')
        const { delivery } = lab.received.at(-1) ?? assert.fail('nothing was delivered')
        const { clock, generatedAt, receivedAt, catchUp } = delivery
        assert.ok(clock && generatedAt !== null)
        assert.ok(
          Math.abs(clock.offsetMs - offsetMs) <= clock.errorMs,
          `${clock.offsetMs}, truly ${offsetMs}`
        )
        assert.ok(Math.abs(generatedAt - clock.offsetMs - trueAt) <= clock.errorMs)
        // what it says itself stays as it was stamped: nothing is clipped
        assert.equal(delivery.latencyMs, receivedAt - generatedAt)
        assert.equal(catchUp, false)
        assert.ok(clock.errorMs < 200)
      }
      const last = lab.exchanges.at(-1)
      assert.ok(last?.clock && Math.abs(last.clock.offsetMs - aheadMs) < 1000)
      // asking for the time is no cost of the lane
      const polls = lab.exchanges.filter(({ kind }) => kind === 'poll').length
      assert.equal(lab.poller.report().totals.requests, polls)
      assert.equal(lab.poller.report().totals.connections, 1)
    })

  it('measures latencies that are those of one clock, with the way of the clock in their bound', async () => {
    const feed = await skewedFeed(-3_600_000, 90e-6)
    const clock = systemClock()
    const metrics = new DeliveryMetrics({
      ...{ id: 'm', name: 'm', clock, targetMs: 1000, targetShare: 0.95, warmUpMs: 0 },
      isGone: () => false
    })
    const url = new URL(feed.url)
    const lab = openLab({
      url: feed.url,
      reading: logReading('updates', 'newest'),
      read: 'log',
      onExchange: exchange => metrics.exchange(readExchange(exchange, null, clock.now())),
      onBatch({ updates }) {
        // as it comes over a wire of the flow
        for (const { delivery } of updates)
          metrics.delivery(readDelivery(JSON.parse(JSON.stringify(delivery)), null, clock.now(), null))
      },
      target: () => ({
        url,
        clockUrl: new URL('/clock', url),
        resource: 'feed',
        tls: undefined,
        authentication: { type: 'bearer', token: 'secret' }
      })
    })
    closers.push(() => lab.poller.close())
    await feed.publish()
    await lab.poller.poll('first')
    let waited = 0
    for (let update = 0; update < 10; update += 1) {
      const { trueAt } = await feed.publish()
      await lab.poller.poll('next')
      waited = Math.max(waited, clock.now() - trueAt)
    }
    const [lane] = metrics.report().lanes
    const { updates, latencyMs, clock: told, flags } = lane ?? assert.fail('no lane')
    assert.deepEqual([updates.delivered, updates.catchUp, updates.lost], [10, 0, 0])
    assert.ok(latencyMs && told && Math.abs(told.offsetMs + 3_600_000) < 1000)
    assert.ok(latencyMs.min >= -told.errorMs - 50 && latencyMs.max <= waited + told.errorMs + 50)
    assert.ok(!flags.some(({ code }) => code === 'CLOCK_UNKNOWN'))
  })

  it('goes by the Date of the answers where there is no /clock', async () => {
    const site = await openSite((request, response) => {
      if (request.url === '/clock') response.writeHead(404).end()
      else response.writeHead(204).end()
    })
    closers.push(() => site.close())
    const url = new URL(site.url)
    const target = { url, clockUrl: new URL('/clock', url), resource: 'r', tls: undefined }
    const lab = openLab({
      url: site.url,
      reading: latestReading('updates', false),
      target: () => ({ ...target, authentication: { type: 'none' } as const })
    })
    closers.push(() => lab.poller.close())
    await lab.poller.poll('first')
    const { clock } = lab.exchanges[0] ?? assert.fail('no exchange')
    assert.ok(clock && clock.errorMs >= 500 && Math.abs(clock.offsetMs) <= clock.errorMs)
  })
})
