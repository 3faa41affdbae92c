import type { Clock } from '../lib/clock.js'
import { DeliveryMetrics } from '../lib/metrics/delivery-metrics.js'
import { readDelivery, readExchange, readUpdate } from '../lib/metrics/records.js'
import { NO_TOTALS } from '../lib/update/exchange.js'
import { newEpoch, updateId } from '../lib/update/identity.js'
import { absoluteRow, type Bench, median } from './helpers/bench.js'

const RECORDS = 200_000
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

function deliveryTemplate(lane: number, push: boolean): Template {
  const source = `source ${lane}`
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
      Object.assign(exchange, { dueAt: generatedAt, startedAt: generatedAt, endedAt })
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

function run(count: number): { micros: number; reportMs: number } {
  let now = START
  const clock: Clock = { now: () => now, at: () => () => {} }
  const options = { id: 'm', name: 'm', clock, targetMs: 1000, targetShare: 0.95, warmUpMs: 0 }
  const metrics = new DeliveryMetrics({ ...options, isGone: () => false })
  let done = 0
  const start = process.cpuUsage()
  for (let sequence = 1; done < count; sequence += 1) {
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
  return { micros, reportMs: cpuMicros(from) / 1000 / REPORTS }
}

/** What one record costs the metrics node, and what a report of ten lanes costs. */
const bench: Bench = {
  name: 'metrics: records and reports',
  async run() {
    run(RECORDS / 4)
    const runs = [run(RECORDS), run(RECORDS), run(RECORDS)]
    return [
      absoluteRow('metrics, one record', median(runs.map(({ micros }) => micros)), 'µs', { atMost: 3 }),
      absoluteRow(`metrics, report of ${LANES} lanes`, median(runs.map(({ reportMs }) => reportMs)), 'ms', {
        atMost: 1
      })
    ]
  }
}

export default bench
