import assert from 'node:assert/strict'
import { DeliveryMetrics } from '../../../lib/metrics/delivery-metrics.js'
import { readDelivery, readExchange, readFault, readUpdate } from '../../../lib/metrics/records.js'
import type { Outage } from '../../../lib/metrics/report.js'
import { NO_TOTALS } from '../../../lib/update/exchange.js'
import { updateId } from '../../../lib/update/identity.js'
import { FakeClock } from '../../helpers/fake-clock.js'

const T0 = 1_700_000_000_000
const EPOCH = '0hoglr3ux9ka4zm'
const SERVER = {
  at: T0,
  since: T0,
  busyMs: 0,
  cpuMs: null,
  connections: 1,
  dropped: 0,
  refused: 0,
  expired: 0
}

type Lane = {
  readonly model: 'push' | 'pull'
  readonly read: 'push' | 'latest' | 'log'
  readonly qos?: 0 | 1
}

/** One lane of one stream with an update every 100 ms, and what is told of it. Times are ms after T0. */
class Told {
  readonly #clock = new FakeClock(T0)
  readonly #lane: Lane
  readonly #metrics: DeliveryMetrics
  reconnects = 0
  since = 0

  constructor(lane: Lane) {
    this.#lane = lane
    this.#metrics = new DeliveryMetrics({
      id: 'm',
      name: '',
      clock: this.#clock,
      targetMs: 1000,
      targetShare: 0.95,
      warmUpMs: 0
    })
  }

  #at(ms: number): number {
    if (T0 + ms > this.#clock.now()) this.#clock.advance(T0 + ms - this.#clock.now())
    return T0 + ms
  }

  #source(): Record<string, unknown> {
    const { model, read, qos = null } = this.#lane
    return {
      model,
      source: 's',
      sourceName: 's',
      stream: 'x',
      read,
      since: T0 + this.since,
      settings: {
        trigger: model === 'pull' ? 'interval' : null,
        read,
        intervalMs: null,
        waitMs: null,
        qos,
        session: null,
        keepAlive: true,
        tls: false
      },
      totals: { ...NO_TOTALS, reconnects: this.reconnects },
      server: { ...SERVER, updates: 0, id: 'server' }
    }
  }

  /** Update k is generated at 100 k. */
  generate(from: number, to: number): this {
    for (let k = from; k <= to; k += 1) {
      const generatedAt = this.#at(100 * k)
      const id = updateId(EPOCH, k)
      this.#metrics.update(
        readUpdate({ stream: 'x', origin: 'o', id, epoch: EPOCH, sequence: k, generatedAt })
      )
    }
    return this
  }

  deliver(k: number, atMs: number, more: object = {}): this {
    const receivedAt = this.#at(atMs)
    const record = {
      ...this.#source(),
      id: updateId(EPOCH, k),
      generatedAt: T0 + 100 * k,
      receivedAt,
      ...more
    }
    this.#metrics.delivery(readDelivery(record, 'x', receivedAt, null))
    return this
  }

  exchange(kind: 'poll' | 'connection', outcome: string, startedMs: number, endedMs: number): this {
    const endedAt = this.#at(endedMs)
    const record = { ...this.#source(), kind, outcome, startedAt: T0 + startedMs, endedAt }
    this.#metrics.exchange(readExchange(record, 'x', endedAt))
    return this
  }

  fault(fromMs: number, untilMs: number | null, target: string | null = 'server'): this {
    const now = this.#at(untilMs ?? fromMs)
    const until = untilMs === null ? null : T0 + untilMs
    this.#metrics.fault(readFault({ fault: 'outage', target, from: T0 + fromMs, until }, now))
    return this
  }

  reset(): this {
    this.#metrics.reset()
    return this
  }

  /** With times in ms after T0. */
  get outages(): readonly Outage[] {
    const after = (at: number | null) => (at === null ? null : at - T0)
    const [lane] = this.#metrics.report().lanes
    return (lane?.outages ?? []).map(({ from, back, until, ...rest }) => ({
      ...rest,
      from: from - T0,
      back: after(back),
      until: after(until)
    }))
  }
}

/** A lane that had its first ten updates, one by one. */
function running(lane: Lane): Told {
  const told = new Told(lane)
  if (lane.model === 'push') told.exchange('connection', 'connected', 0, 1)
  for (let k = 1; k <= 10; k += 1) {
    told.generate(k, k).deliver(k, 100 * k + 1)
    if (lane.model === 'pull') told.exchange('poll', 'updated', 100 * k - 50, 100 * k + 1)
  }
  return told
}

describe('the outages of a lane', () => {
  it('of push at QoS 0: what was pushed meanwhile is lost, and nothing is late', () => {
    const told = running({ model: 'push', read: 'push', qos: 0 })
      .fault(1010, null)
      .exchange('connection', 'disconnected', 1001, 1012)
      .generate(11, 30)
      .fault(1010, 3010)
    told.reconnects = 1
    told.exchange('connection', 'connected', 3040, 3050).generate(31, 31).deliver(31, 3101)
    assert.deepEqual(told.outages, [
      {
        cause: 'fault',
        from: 1010,
        back: 3050,
        until: 3101,
        recoveryMs: 2091,
        lost: 20,
        duplicate: 0,
        late: 0,
        reconnects: 1
      }
    ])
    // what is lost later is another story
    told.generate(32, 33).deliver(33, 3301)
    assert.equal(told.outages[0]?.lost, 20)
  })

  it('of push with a persistent session: everything comes, late, also before the subscription is confirmed', () => {
    const told = running({ model: 'push', read: 'push', qos: 1 })
      .fault(1010, null)
      .exchange('connection', 'disconnected', 1001, 1012)
      .generate(11, 30)
      .fault(1010, 3010)
    told.reconnects = 1
    told.deliver(10, 3048)
    for (let k = 11; k <= 30; k += 1) told.deliver(k, 3050 + (k - 11) / 10)
    told.exchange('connection', 'connected', 3040, 3060).generate(31, 31).deliver(31, 3101)
    const [outage] = told.outages
    assert.deepEqual(outage, {
      cause: 'fault',
      from: 1010,
      back: 3050,
      until: 3050,
      recoveryMs: 2040,
      lost: 0,
      duplicate: 1,
      late: 20,
      reconnects: 1
    })
  })

  it('of polling the latest value: nothing is lost, the first answer has the newest', () => {
    const told = running({ model: 'pull', read: 'latest' })
      .fault(1010, null)
      .exchange('poll', 'error', 1500, 1501)
      .generate(11, 30)
      .fault(1010, 3010)
      .exchange('poll', 'error', 2500, 2501)
    told.reconnects = 1
    told.generate(31, 34).deliver(34, 3502).exchange('poll', 'updated', 3500, 3503)
    assert.deepEqual(told.outages, [
      {
        cause: 'fault',
        from: 1010,
        back: 3502,
        until: 3502,
        recoveryMs: 2492,
        lost: 0,
        duplicate: 0,
        late: 0,
        reconnects: 1
      }
    ])
  })

  it('of reading the log: nothing is lost, what was made meanwhile is late', () => {
    const told = running({ model: 'pull', read: 'log' })
      .fault(1010, null)
      .exchange('poll', 'error', 1500, 1501)
      .generate(11, 30)
      .fault(1010, 3010)
      .generate(31, 34)
    for (let k = 11; k <= 34; k += 1) told.deliver(k, 3502)
    told.exchange('poll', 'updated', 3500, 3503)
    const [outage] = told.outages
    assert.deepEqual([outage?.lost, outage?.late, outage?.recoveryMs], [0, 20, 2492])
  })

  it('of a long poll: its hold is cut, and an empty answer is an answer but no recovery', () => {
    const told = running({ model: 'pull', read: 'log' })
      .exchange('poll', 'error', 1002, 1011)
      .fault(1010, null)
      .fault(1010, 3010)
      .exchange('poll', 'empty', 3100, 3200)
    assert.deepEqual(
      told.outages.map(({ cause, from, back, until, recoveryMs }) => [cause, from, back, until, recoveryMs]),
      [['fault', 1010, 3200, null, null]]
    )
    told.generate(11, 40).deliver(40, 4003).exchange('poll', 'updated', 3201, 4004)
    assert.equal(told.outages[0]?.recoveryMs, 2993)
  })

  it('count for a poller that never noticed: its next answer is its recovery', () => {
    const told = running({ model: 'pull', read: 'latest' }).fault(1010, null).fault(1010, 1510)
    told.generate(11, 19).deliver(19, 1950).exchange('poll', 'updated', 1949, 1951)
    assert.deepEqual(told.outages[0]?.recoveryMs, 940)
  })

  it('are none of a lane whose server the fault left alone', () => {
    const told = running({ model: 'push', read: 'push' }).fault(1010, null, 'another server')
    assert.deepEqual(told.outages, [])
    for (const target of [null, 's', 'push', 'server']) told.fault(1010, null, target)
    assert.equal(told.outages.length, 4)
  })

  it('are of unknown cause when only the lane saw the server go', () => {
    const push = running({ model: 'push', read: 'push' }).exchange('connection', 'disconnected', 1001, 1020)
    push.generate(11, 12).exchange('connection', 'connected', 1230, 1240).generate(13, 13).deliver(13, 1301)
    assert.deepEqual(
      push.outages.map(({ cause, from, back, until, lost }) => [cause, from, back, until, lost]),
      [['unknown', 1020, 1240, 1301, 2]]
    )
    const pull = running({ model: 'pull', read: 'latest' })
      .exchange('poll', 'timeout', 1100, 1600)
      .exchange('poll', 'error', 1700, 1701)
    assert.deepEqual(
      pull.outages.map(({ cause, from, back }) => [cause, from, back]),
      [['unknown', 1100, null]]
    )
  })

  it('do not begin before the server was ever there', () => {
    const told = new Told({ model: 'pull', read: 'latest' })
      .exchange('poll', 'error', 10, 11)
      .exchange('poll', 'error', 20, 21)
    assert.deepEqual(told.outages, [])
  })

  it('are not over with what was under way when the server went', () => {
    const told = running({ model: 'push', read: 'push' }).generate(11, 11).fault(1101, null).deliver(11, 1102)
    assert.equal(told.outages[0]?.until, null)
  })

  it('are made by a deploy, from the last that is known of the earlier run', () => {
    const told = running({ model: 'push', read: 'push' })
    told.since = 1405
    told.generate(11, 14).exchange('connection', 'connected', 1390, 1401).generate(15, 15).deliver(15, 1501)
    assert.deepEqual(
      told.outages.map(({ cause, from, back, until, lost }) => [cause, from, back, until, lost]),
      [['deploy', 1001, 1401, 1501, 0]]
    )
  })

  it('are the last twenty; a reset forgets those that are over', () => {
    const told = running({ model: 'push', read: 'push' })
    for (let k = 11; k <= 40; k += 1)
      told
        .exchange('connection', 'disconnected', 100 * k - 60, 100 * k - 50)
        .exchange('connection', 'connected', 100 * k - 40, 100 * k - 30)
        .generate(k, k)
        .deliver(k, 100 * k + 1)
    assert.equal(told.outages.length, 20)
    assert.equal(told.outages.at(-1)?.until, 4001)
    told.exchange('connection', 'disconnected', 4010, 4011).reset()
    assert.deepEqual(
      told.outages.map(({ from }) => from),
      [4011]
    )
  })
})
