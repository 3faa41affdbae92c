import { readFileSync } from 'node:fs'
import { DeliveryMetrics } from '../../../lib/metrics/delivery-metrics.js'
import type { ReportedDelivery, ReportedExchange } from '../../../lib/metrics/records.js'
import type { EpochMs, Ms } from '../../../lib/units.js'
import { NO_TOTALS, type SourceSettings, type SourceTotals } from '../../../lib/update/exchange.js'
import { newEpoch, updateId } from '../../../lib/update/identity.js'
import type { Update } from '../../../lib/update/update.js'
import { FakeClock } from '../../helpers/fake-clock.js'
import { seededRandom } from '../../helpers/random.js'

export const START: EpochMs = Date.UTC(2026, 0, 1)
export const EPOCH = newEpoch(START, () => 0.5)

export const noTotals: SourceTotals = { ...NO_TOTALS, connections: 1, open: 1 }

export const pushSettings: SourceSettings = {
  trigger: null,
  read: 'push',
  intervalMs: null,
  waitMs: null,
  qos: 0,
  session: 'clean',
  keepAlive: null,
  tls: false
}

export const pollSettings = (intervalMs: Ms, read: 'latest' | 'log'): SourceSettings => ({
  trigger: 'interval',
  read,
  intervalMs,
  waitMs: null,
  qos: null,
  session: null,
  keepAlive: true,
  tls: false
})

export const updateOf = (sequence: number, generatedAt: EpochMs, more: Partial<Update> = {}): Update => ({
  stream: 'updates',
  origin: 'origin',
  id: updateId(more.epoch ?? EPOCH, sequence),
  epoch: EPOCH,
  sequence,
  generatedAt,
  dueAt: null,
  speed: null,
  ...more
})

export const deliveryOf = (
  update: Update,
  receivedAt: EpochMs,
  more: Partial<ReportedDelivery> = {}
): ReportedDelivery => ({
  model: 'push',
  source: 'push',
  sourceName: 'push',
  stream: update.stream,
  read: 'push',
  exchangeId: null,
  id: update.id,
  epoch: update.epoch,
  sequence: update.sequence,
  generatedAt: update.generatedAt,
  receivedAt,
  latencyMs: receivedAt - update.generatedAt,
  value: null,
  subject: null,
  retained: false,
  catchUp: update.generatedAt < (more.since ?? START),
  duplicate: false,
  since: START,
  sinceKnown: true,
  totals: null,
  settings: null,
  server: null,
  ...more
})

/** Poisson, periodic or recorded instants of generation. */
export const arrivals = {
  poisson(ratePerSecond: number, count: number, seed: number): EpochMs[] {
    const random = seededRandom(seed)
    let at = START
    return Array.from({ length: count }, () => {
      at -= (Math.log(1 - random()) / ratePerSecond) * 1000
      return at
    })
  },
  periodic: (periodMs: Ms, count: number): EpochMs[] =>
    Array.from({ length: count }, (_, index) => START + (index + 1) * periodMs),
  earthquakes(speed: number): EpochMs[] {
    const rows = readFileSync('test/data/earthquakes.csv', 'utf8').trim().split('\n').slice(1)
    const times = rows.map(row => Date.parse(row.slice(0, row.indexOf(','))))
    return times.map(time => START + (time - (times[0] ?? 0)) / speed + 1)
  }
}

export interface Scenario {
  readonly times: readonly EpochMs[]
  /** Push delay. */
  readonly delayMs: Ms
  readonly intervalMs: Ms
  /** Server time and way back of a poll. */
  readonly wayBackMs: Ms
  readonly phase: number
  readonly originWired?: boolean
  /** The origin's messages come this much later than the deliveries. */
  readonly truthDelayMs?: Ms
  readonly targetMs?: Ms
}

/** Runs a push lane, a latest-value poll lane and a log poll lane over the same updates on the fake clock. */
export function simulate(scenario: Scenario): DeliveryMetrics {
  const { times, delayMs, originWired = true, truthDelayMs = 0 } = scenario
  const clock = new FakeClock(START)
  const metrics = new DeliveryMetrics({
    id: 'metrics',
    name: 'metrics',
    clock,
    targetMs: scenario.targetMs ?? 1000,
    targetShare: 0.95,
    warmUpMs: 0,
    isGone: () => false
  })
  const end = times.at(-1) ?? START
  const updates = times.map((at, index) => updateOf(index + 1, at))
  const records: { at: EpochMs; run: () => void }[] = []
  for (const update of updates) {
    if (originWired)
      records.push({ at: update.generatedAt + truthDelayMs, run: () => metrics.update(update) })
    const receivedAt = update.generatedAt + delayMs
    records.push({ at: receivedAt, run: () => metrics.delivery(deliveryOf(update, receivedAt)) })
  }
  for (const read of ['latest', 'log'] as const) pollRecords(scenario, updates, read, metrics, records)
  records.sort((a, b) => a.at - b.at)
  for (const record of records) {
    if (record.at > end) break
    clock.advanceTo(record.at)
    record.run()
  }
  clock.advanceTo(end)
  return metrics
}

function pollRecords(
  { times, intervalMs, wayBackMs, phase }: Scenario,
  updates: readonly Update[],
  read: 'latest' | 'log',
  metrics: DeliveryMetrics,
  records: { at: EpochMs; run: () => void }[]
): void {
  const lane = { model: 'pull' as const, source: read, sourceName: read, read }
  const settings = pollSettings(intervalMs, read)
  let known = 0
  let totals = noTotals
  for (let at = START + phase * intervalMs; at < (times.at(-1) ?? START); at += intervalMs) {
    let newest = known
    while (newest < times.length && (times[newest] ?? 0) <= at) newest += 1
    const found = updates.slice(read === 'latest' ? Math.max(known, newest - 1) : known, newest)
    known = newest
    const receivedAt = at + wayBackMs
    totals = {
      ...totals,
      requests: totals.requests + 1,
      empty: totals.empty + (found.length === 0 ? 1 : 0),
      updates: totals.updates + found.length,
      bytesSent: totals.bytesSent + 100,
      bytesReceived: totals.bytesReceived + 200
    }
    const now = totals
    const startedAt = at
    records.push({
      at: receivedAt,
      run() {
        for (const update of found) metrics.delivery(deliveryOf(update, receivedAt, lane))
        const exchange: ReportedExchange = {
          id: '',
          ...lane,
          stream: 'updates',
          kind: 'poll',
          outcome: found.length > 0 ? 'updated' : 'empty',
          dueAt: startedAt,
          startedAt,
          endedAt: receivedAt,
          statusCode: 200,
          code: null,
          updates: found.length,
          bytesSent: 100,
          bytesReceived: 200,
          clock: null,
          since: START,
          sinceKnown: true,
          settings,
          totals: now,
          server: null
        }
        metrics.exchange(exchange)
      }
    })
  }
}
