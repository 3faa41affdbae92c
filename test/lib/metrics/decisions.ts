import type { DeliveryMetrics, DeliveryMetricsOptions } from '../../../lib/metrics/delivery-metrics.js'
import type { EpochMs, Ms } from '../../../lib/units.js'
import type { ServerTotals, SourceTotals } from '../../../lib/update/exchange.js'
import { deliveryOf, noTotals, pollSettings, pushSettings, START, updateOf } from './simulation.js'
import { pull, workbench } from './workbench.js'

export interface Costly {
  /** Instants of generation, as replayed. */
  readonly times: readonly EpochMs[]
  readonly intervalMs: Ms
  readonly speed?: number
  /** Stop after so many ms. */
  readonly until?: Ms
  readonly without?: readonly ('push' | 'pull' | 'exchanges')[]
  /** Times the CPU of both servers. @default 1 */
  readonly cpu?: number
  readonly options?: Partial<DeliveryMetricsOptions>
}

/** Bytes and µs of CPU, to be found again in the facts. */
export const COSTS = { push: 310, updated: 660, empty: 240, pushMicros: 12_000, pollMicros: 20_000 } as const
/** From request to answer. */
export const POLL_MS = 8
const PUSH_MS = 2

const serverAt = (at: EpochMs, cpuMs: Ms, updates: number, since: EpochMs): ServerTotals => ({
  at,
  since,
  busyMs: cpuMs,
  cpuMs,
  connections: 1,
  dropped: 0,
  refused: 0,
  expired: 0,
  updates
})

/** An origin, a push lane and a lane that polls the latest value, with the same cost each time. */
export function measureCosts(scenario: Costly): DeliveryMetrics {
  const { times, speed = 1, cpu = 1, without = [] } = scenario
  const bench = workbench(scenario.options)
  const end = Math.min(times.at(-1) ?? START, START + (scenario.until ?? Number.POSITIVE_INFINITY))
  const records: { at: EpochMs; run: () => void }[] = []
  const updates = times.map((at, index) => updateOf(index + 1, at, { speed: speed === 1 ? null : speed }))
  for (const update of updates) {
    records.push({ at: update.generatedAt, run: () => bench.metrics.update(update) })
    if (without.includes('push')) continue
    const at = update.generatedAt + PUSH_MS
    const totals = { ...noTotals, updates: update.sequence, bytesReceived: update.sequence * COSTS.push }
    const server = serverAt(at, (cpu * update.sequence * COSTS.pushMicros) / 1000, update.sequence, START)
    const more = { totals, server, settings: pushSettings }
    records.push({ at, run: () => bench.metrics.delivery(deliveryOf(update, at, more)) })
  }
  if (!without.includes('pull')) polls(scenario, bench.metrics, updates, records)
  records.sort((one, other) => one.at - other.at)
  for (const { at, run } of records) {
    if (at > end) break
    bench.clock.advanceTo(at)
    run()
  }
  bench.clock.advanceTo(end)
  return bench.metrics
}

function polls(
  { times, intervalMs, cpu = 1, without = [] }: Costly,
  metrics: DeliveryMetrics,
  updates: readonly ReturnType<typeof updateOf>[],
  records: { at: EpochMs; run: () => void }[]
): void {
  let [known, totals]: [number, SourceTotals] = [0, noTotals]
  for (let at = START + 0.37 * intervalMs; at < (times.at(-1) ?? START); at += intervalMs) {
    const before = known
    while (known < times.length && (times[known] ?? 0) <= at) known += 1
    const found = known > before ? updates[known - 1] : undefined
    const bytes = found ? COSTS.updated : COSTS.empty
    totals = {
      ...totals,
      requests: totals.requests + 1,
      notModified: totals.notModified + (found ? 0 : 1),
      updates: totals.updates + (found ? 1 : 0),
      bytesReceived: totals.bytesReceived + bytes
    }
    const told = totals
    const [startedAt, endedAt] = [at, at + POLL_MS]
    const server = serverAt(endedAt, (cpu * told.requests * COSTS.pollMicros) / 1000, known, START - 1)
    const settings = pollSettings(intervalMs, 'latest')
    records.push({
      at: endedAt,
      run() {
        const more = without.includes('exchanges') ? { totals: told, server, settings } : {}
        if (found) metrics.delivery(deliveryOf(found, endedAt, { ...pull, ...more }))
        if (without.includes('exchanges')) return
        metrics.exchange({
          id: '',
          ...pull,
          stream: 'updates',
          kind: 'poll',
          outcome: found ? 'updated' : 'not-modified',
          dueAt: startedAt,
          startedAt,
          endedAt,
          statusCode: found ? 200 : 304,
          code: null,
          updates: found ? 1 : 0,
          bytesSent: 0,
          bytesReceived: bytes,
          clock: null,
          since: START,
          sinceKnown: true,
          settings,
          totals: told,
          server
        })
      }
    })
  }
}
