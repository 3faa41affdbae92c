import type { Clock } from '../lib/clock.js'
import { DeliveryMetrics } from '../lib/metrics/delivery-metrics.js'
import { readDelivery, readExchange, readUpdate } from '../lib/metrics/records.js'
import { NO_TOTALS } from '../lib/update/exchange.js'
import { newEpoch, updateId } from '../lib/update/identity.js'
import { absoluteRow, type Bench, median } from './helpers/bench.js'

const RECORDS = 200_000
/** Of the report that has everything. */
const UPDATES = 100_000
const REPORTS = 300
const LANES = 10
const START = Date.UTC(2026, 0, 1)
const EPOCH = newEpoch(START, () => 0.5)

const totals = { ...NO_TOTALS, connections: 1, open: 1 }
const server = {
  at: START,
  since: START,
  busyMs: 0,
  cpuMs: 0,
  connections: 1,
  dropped: 0,
  refused: 0,
  expired: 0,
  updates: 0
}
const settings = {
  trigger: 'interval',
  read: 'latest',
  intervalMs: 1000,
  waitMs: null,
  qos: null,
  session: null,
  keepAlive: true,
  tls: false
}

type Mutable = Record<string, unknown>

/** One message and how its numbers follow from those of the update; the message is used again for every update. */
interface Template {
  readonly message: Mutable
  renew(sequence: number, id: string, generatedAt: number): number
}

function updateTemplate(): Template {
  const update: Mutable = { stream: 'updates', origin: 'origin', id: '', epoch: EPOCH, sequence: 0 }
  return {
    message: { update },
    renew(sequence, id, generatedAt) {
      Object.assign(update, { id, sequence, generatedAt, dueAt: generatedAt, speed: null })
      return generatedAt
    }
  }
}

/** Totals ride on a delivery once a second. */
const TOTALS_EVERY = 100

function deliveryTemplate(lane: number, push: boolean): Template {
  const source = `source ${lane}`
  const settings = { read: 'push', qos: 0 }
  const delivery: Mutable = {
    model: push ? 'push' : 'pull',
    source,
    sourceName: source,
    stream: 'updates',
    read: push ? 'push' : 'latest',
    exchangeId: null,
    id: '',
    epoch: EPOCH,
    latencyMs: lane + 1,
    value: null,
    subject: null,
    retained: false,
    catchUp: false,
    duplicate: false,
    since: START
  }
  return {
    message: { delivery },
    renew(sequence, id, generatedAt) {
      const receivedAt = generatedAt + lane + 1
      Object.assign(delivery, { id, sequence, generatedAt, receivedAt })
      if (push) {
        const costs = sequence % TOTALS_EVERY === 0
        const told = costs ? { ...totals, updates: sequence, bytesReceived: 310 * sequence } : undefined
        const used = costs ? { ...server, at: receivedAt, cpuMs: sequence / 5, updates: sequence } : undefined
        Object.assign(delivery, { totals: told, server: used, settings: costs ? settings : undefined })
      }
      return receivedAt
    }
  }
}

function exchangeTemplate(lane: number): Template {
  const source = `source ${lane}`
  const totalsNow = { ...totals }
  const serverNow = { ...server }
  const exchange: Mutable = {
    id: source,
    model: 'pull',
    source,
    sourceName: source,
    stream: 'updates',
    kind: 'poll',
    outcome: 'updated',
    statusCode: 200,
    code: null,
    updates: 1,
    bytesSent: 100,
    bytesReceived: 300,
    settings,
    totals: totalsNow,
    server: serverNow,
    clock: null,
    since: START
  }
  return {
    message: { exchange },
    renew(sequence, _id, generatedAt) {
      const endedAt = generatedAt + lane + 1
      const outcome = sequence % 8 === 0 ? 'updated' : 'not-modified'
      Object.assign(exchange, { dueAt: generatedAt, startedAt: generatedAt, endedAt, outcome })
      Object.assign(totalsNow, { requests: sequence, updates: sequence, bytesSent: sequence * 100 })
      Object.assign(serverNow, { at: endedAt, busyMs: sequence, cpuMs: sequence, updates: sequence })
      return endedAt
    }
  }
}

const lanes = Array.from({ length: LANES }, (_, lane) => lane)
/** Half push lanes, half polling lanes, the origin and the exchanges wired, as the node hears it all. */
const pushed = [updateTemplate(), ...lanes.slice(LANES / 2).map(lane => deliveryTemplate(lane, true))]
const polled = lanes
  .slice(0, LANES / 2)
  .flatMap(lane => [deliveryTemplate(lane, false), exchangeTemplate(lane)])

/** Every record that one update makes; the polling lanes see every fourth. */
const templatesOf = (sequence: number): readonly Template[] =>
  sequence % 4 === 0 ? [...pushed, ...polled] : pushed

/** CPU, not time: other programs do not count. Renewing the templates is in it. */
function cpuMicros(from: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(from)
  return user + system
}

interface Measured {
  readonly micros: number
  readonly reportMs: number
  readonly metrics: DeliveryMetrics
}

/** @param updates - all that are made, at most; @param records - all that are taken, at most */
function run(records: number, updates = Number.POSITIVE_INFINITY): Measured {
  let now = START
  const clock: Clock = { now: () => now, at: () => () => {} }
  const options = { id: 'm', name: 'm', clock, targetMs: 1000, targetShare: 0.95, warmUpMs: 0 }
  const metrics = new DeliveryMetrics({ ...options, isGone: () => false })
  let done = 0
  const start = process.cpuUsage()
  for (let sequence = 1; done < records && sequence <= updates; sequence += 1) {
    const generatedAt = START + sequence * 10
    const id = updateId(EPOCH, sequence)
    for (const { message, renew } of templatesOf(sequence)) {
      now = renew(sequence, id, generatedAt)
      if (message.delivery) metrics.delivery(readDelivery(message.delivery, 'updates', now, null))
      else if (message.exchange) metrics.exchange(readExchange(message.exchange, 'updates', now))
      else metrics.update(readUpdate(message.update))
      done += 1
    }
  }
  const micros = cpuMicros(start) / done
  const from = process.cpuUsage()
  for (let index = 0; index < REPORTS; index += 1) metrics.report()
  return { micros, reportMs: cpuMicros(from) / 1000 / REPORTS, metrics }
}

/** A report that leaves the search for what would change out would be fast for nothing. */
function checkAdvice(metrics: DeliveryMetrics): void {
  const { advice, claims } = metrics.report()
  if (advice?.verdict === 'not-conclusive' || !advice?.wouldChange.length || claims.length === 0)
    throw new Error(`Expected a report with advice and claims, found ${JSON.stringify(advice?.reasons)}`)
}

/** What one record costs the metrics node, and what a report of ten lanes costs. */
const bench: Bench = {
  name: 'metrics: records and reports',
  async run() {
    run(RECORDS / 4)
    const runs = [run(RECORDS), run(RECORDS), run(RECORDS)]
    const whole = run(Number.POSITIVE_INFINITY, UPDATES)
    checkAdvice(whole.metrics)
    return [
      absoluteRow('metrics, one record', median(runs.map(({ micros }) => micros)), 'µs', { atMost: 3 }),
      absoluteRow(`metrics, report of ${LANES} lanes, ${UPDATES} updates`, whole.reportMs, 'ms', {
        atMost: 20
      })
    ]
  }
}

export default bench
