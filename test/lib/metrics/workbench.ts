import { DeliveryMetrics, type DeliveryMetricsOptions } from '../../../lib/metrics/delivery-metrics.js'
import type { LaneFacts } from '../../../lib/metrics/lane-facts.js'
import type { ReportedDelivery, ReportedExchange } from '../../../lib/metrics/records.js'
import type { LaneReport } from '../../../lib/metrics/report.js'
import type { Ms } from '../../../lib/units.js'
import type { SourceTotals } from '../../../lib/update/exchange.js'
import type { Update } from '../../../lib/update/update.js'
import { FakeClock } from '../../helpers/fake-clock.js'
import { deliveryOf, noTotals, pollSettings, START, updateOf } from './simulation.js'

export const pull = { model: 'pull', source: 'poll', sourceName: 'poll', read: 'latest' } as const

/** What is known of a push lane that nothing is wrong with, but for what is said. */
export const laneFacts = (more: Partial<LaneFacts> = {}): LaneFacts => ({
  model: 'push',
  count: 4000,
  medianMs: 10,
  intervalMs: null,
  jitter: 0,
  gaps: { count: 0, sum: 0, sumSquares: 0 },
  predicted: false,
  lagP99Ms: null,
  busyShare: null,
  ownBusyShare: null,
  stampClock: { kind: 'own' },
  timed: true,
  apartMs: 0,
  originWired: true,
  assumed: 0,
  coarse: 0,
  hasTotals: true,
  hasExchanges: true,
  shared: 1,
  foreign: false,
  placed: false,
  matchedBy: null,
  untimed: false,
  resolutionMs: 0,
  zoneMissing: false,
  endedSeconds: null,
  paused: false,
  silentSeconds: null,
  unequal: null,
  previous: 0,
  ...more
})

/** A metrics node on a fake clock; instants are ms after the start. */
export function workbench(options: Partial<DeliveryMetricsOptions> = {}) {
  const clock = new FakeClock(START)
  const metrics = new DeliveryMetrics({
    id: 'm',
    name: 'm',
    clock,
    targetMs: 1000,
    targetShare: 0.95,
    warmUpMs: 0,
    isGone: () => false,
    ...options
  })
  const at = (instant: Ms) => clock.advanceTo(START + instant)
  const update = (sequence: number, generated: Ms, more: Partial<Update> = {}): Update =>
    updateOf(sequence, START + generated, more)
  return {
    metrics,
    clock,
    at,
    update,
    generate(sequence: number, instant: Ms, more: Partial<Update> = {}): Update {
      at(instant)
      const made = update(sequence, instant, more)
      metrics.update(made)
      return made
    },
    deliver(of: Update, instant: Ms, more: Partial<ReportedDelivery> = {}): void {
      at(instant)
      metrics.delivery(deliveryOf(of, START + instant, more))
    },
    exchange(instant: Ms, totals: Partial<SourceTotals>, more: Partial<ReportedExchange> = {}): void {
      at(instant)
      metrics.exchange({
        id: '',
        model: 'pull',
        source: 'poll',
        sourceName: 'poll',
        stream: 'updates',
        kind: 'poll',
        outcome: 'updated',
        dueAt: null,
        startedAt: START + instant,
        endedAt: START + instant,
        statusCode: 200,
        code: null,
        updates: 0,
        bytesSent: 0,
        bytesReceived: 0,
        clock: null,
        since: START,
        sinceKnown: true,
        settings: pollSettings(1000, 'latest'),
        totals: { ...noTotals, ...totals },
        server: null,
        ...more
      })
    },
    /** The report of the lane with this name, at `instant`. */
    lane(name: string, instant?: Ms): LaneReport {
      if (instant !== undefined) at(instant)
      const found = metrics.report().lanes.find(lane => lane.name === name)
      if (found === undefined) throw new Error(`no lane ${name}`)
      return found
    }
  }
}

export const codes = (lane: LaneReport): string[] => lane.flags.map(({ code }) => code)
