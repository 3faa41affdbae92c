// A feed on a host of its own, as far as clocks go: started with { aheadMs, drift, updates }, it tells its address, and
// then stamps an update whenever it is told to.
import { parentPort, workerData } from 'node:worker_threads'
import { type Clock, systemClock } from '../../../lib/clock.js'
import { openFeed } from '../../../lib/feed/feed-server.js'
import { encodeUpdate } from '../../../lib/update/cloudevents.js'
import { newEpoch, updateId } from '../../../lib/update/identity.js'

const { aheadMs, drift } = workerData as { readonly aheadMs: number; readonly drift: number }
const real = systemClock()
const startedAt = real.now()
/** A clock that was set wrong, and runs fast or slow. */
const skewed = (at: number) => at + aheadMs + (at - startedAt) * drift
const clock: Clock = { now: () => skewed(real.now()), at: (instant, run) => real.at(instant - aheadMs, run) }

const feed = await openFeed(
  {
    host: '127.0.0.1',
    port: 0,
    tls: null,
    anonymous: false,
    streams: ['updates'],
    last: [],
    token: 'secret',
    history: 100,
    cacheSeconds: 0,
    maxConnections: 100
  },
  () => {},
  clock
)
const epoch = newEpoch(clock.now(), Math.random)
let sequence = 0
parentPort?.on('message', async what => {
  if (what === 'close') {
    await feed.close()
    parentPort?.close()
    return
  }
  sequence += 1
  const id = updateId(epoch, sequence)
  const trueAt = real.now()
  const stamp = { stream: 'updates', id, epoch, sequence, generatedAt: skewed(trueAt) }
  const body = encodeUpdate({ ...stamp, origin: 'o', dueAt: null, speed: null }, sequence, null)
  void feed.accept({ ...stamp, body, qos: 0, retain: false })
  parentPort?.postMessage({ trueAt, offsetMs: stamp.generatedAt - trueAt })
})
parentPort?.postMessage({ port: feed.address.port })
