import { DeliveryMetrics } from '../../lib/metrics/delivery-metrics.js'
import { readDelivery, readExchange, readUpdate } from '../../lib/metrics/records.js'
import type { Report } from '../../lib/metrics/report.js'
import { latestReading, logReading } from '../../lib/poll/feed-reading.js'
import { Poller } from '../../lib/poll/poller.js'
import type { EpochMs } from '../../lib/units.js'
import { newEpoch, updateId } from '../../lib/update/identity.js'
import type { Update } from '../../lib/update/update.js'
import { FakeClock } from '../../test/helpers/fake-clock.js'
import { seededRandom } from '../../test/helpers/random.js'
import {
  ADAPTIVE,
  type Consumer,
  LEAD_MS,
  LOSS,
  PUSH_DELAY_MS,
  seedOf,
  TARGET_MS,
  WAIT_MS,
  WAY_MS
} from './consumers.js'
import { SimulatedFeed } from './simulated-feed.js'
import type { Traffic } from './traffic.js'

const START: EpochMs = Date.UTC(2026, 0, 1)
const STREAM = 'updates'

/**
 * One kind of traffic to all consumers at once, on a fake clock: the pollers are the real ones, with their readings,
 * schedules and counters, over simulated ways; push is a delay and a loss. One metrics node hears them all.
 * @returns its report at the last update
 */
export async function simulatedRun(traffic: Traffic, consumers: readonly Consumer[]): Promise<Report> {
  const clock = new FakeClock(START)
  const feed = new SimulatedFeed(clock, WAY_MS)
  const options = { id: 'verify', name: 'verify', clock, targetMs: TARGET_MS, targetShare: 0.95, warmUpMs: 0 }
  const metrics = new DeliveryMetrics({ ...options, isGone: () => false })
  const pollers = consumers
    .filter(({ trigger }) => trigger !== 'push')
    .map(consumer => pollerOf(consumer, { clock, feed, metrics, traffic }))
  const push = consumers.find(({ trigger }) => trigger === 'push')
  for (const poller of pollers) poller.start()
  const loss = seededRandom(seedOf({ read: 'push' }))
  const epoch = newEpoch(START, () => 0.5)
  for (const [index, offset] of traffic.offsets.entries()) {
    await clock.advanceAsync(START + LEAD_MS + offset - clock.now())
    const update: Update = {
      stream: STREAM,
      origin: 'origin',
      id: updateId(epoch, index + 1),
      epoch,
      sequence: index + 1,
      // as on the wire: whole microseconds
      generatedAt: Math.round(clock.now() * 1000) / 1000,
      dueAt: clock.now(),
      speed: null
    }
    metrics.update(readUpdate({ ...update }))
    feed.append(update)
    if (push !== undefined && (index === 0 || loss() >= LOSS)) pushed(update, push, clock, metrics)
  }
  const report = metrics.report()
  await Promise.all(pollers.map(poller => poller.close()))
  return report
}

function pushed(update: Update, { name }: Consumer, clock: FakeClock, metrics: DeliveryMetrics): void {
  clock.at(clock.now() + PUSH_DELAY_MS, () => {
    const delivery = {
      ...update,
      model: 'push',
      source: name,
      sourceName: name,
      read: 'push',
      exchangeId: null,
      receivedAt: clock.now(),
      latencyMs: clock.now() - update.generatedAt,
      since: START
    }
    metrics.delivery(readDelivery(delivery, STREAM, clock.now(), null))
  })
}

interface Bench {
  readonly clock: FakeClock
  readonly feed: SimulatedFeed
  readonly metrics: DeliveryMetrics
  readonly traffic: Traffic
}

function pollerOf(consumer: Consumer, { clock, feed, metrics, traffic }: Bench): Poller<never> {
  const { name, trigger, read } = consumer
  if (trigger === 'push' || read === 'push') throw new Error('expected a consumer that polls')
  const url = new URL('http://127.0.0.1:9/')
  const target = { url, resource: 'feed', tls: undefined, authentication: { type: 'none' } } as const
  return new Poller<never>({
    clock,
    random: seededRandom(seedOf(consumer)),
    source: name,
    sourceName: name,
    stream: STREAM,
    reading: read === 'latest' ? latestReading(STREAM, false) : logReading(STREAM, 'newest'),
    read,
    trigger,
    intervalMs: trigger === 'adaptive' ? ADAPTIVE.intervalMs : traffic.intervalMs,
    minIntervalMs: ADAPTIVE.minIntervalMs,
    maxIntervalMs: ADAPTIVE.maxIntervalMs,
    waitMs: WAIT_MS,
    timeoutMs: 10_000,
    jitter: 0,
    maxBodyBytes: 10_485_760,
    keepAlive: true,
    accept: '*/*',
    sameClock: true,
    cursors: {},
    proxy: () => null,
    carrier: () => feed.carrier(),
    target: () => target,
    headers: () => ({}),
    server: () => null,
    onBatch: ({ updates }) => {
      for (const { delivery } of updates)
        metrics.delivery(readDelivery({ ...delivery }, STREAM, clock.now(), null))
    },
    exchangesWanted: () => true,
    onExchange: exchange => metrics.exchange(readExchange({ ...exchange }, STREAM, clock.now())),
    onCursors: () => {},
    onState: () => {},
    onError: error => {
      throw error
    }
  })
}
