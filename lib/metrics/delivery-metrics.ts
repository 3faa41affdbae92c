import type { Clock } from '../clock.js'
import type { EpochMs, Ms, Share } from '../units.js'
import type { Update } from '../update/update.js'
import { type AdviceWish, type Decisions, decisionsOf, NO_PLANS, type Plans } from './advice.js'
import { inequality } from './comparable.js'
import type { Curves } from './curves.js'
import type { EventPage } from './event-page.js'
import { EventRing } from './events.js'
import type { Lane } from './lane.js'
import { curvesOf } from './lane-curves.js'
import { endOf } from './lane-life.js'
import { laneReport } from './lane-report.js'
import type { RunRecord } from './lane-run.js'
import { type LaneIdentity, Lanes, MOST_LANES } from './lanes.js'
import type { DeliveryMetricsOptions } from './metrics-options.js'
import { placeDelivery } from './placing.js'
import type { RecordedCosts } from './recorded-costs.js'
import type { Fault, ReportedDelivery, ReportedExchange } from './records.js'
import type { LaneReport, Report } from './report.js'
import { streamReport } from './stream-report.js'
import { Streams } from './streams.js'
import { type Measured, wholeReport } from './whole-report.js'

export type { DeliveryMetricsOptions } from './metrics-options.js'

/**
 * Measures and compares every lane that it hears of. It takes records in any order, keeps bounded memory, and
 * gives a report at any time. It has no timers.
 */
export class DeliveryMetrics {
  readonly id: string
  name: string
  /** Asked at every report. */
  isGone: (source: string) => boolean | null
  readonly #ownBusyShare: () => Share | null
  readonly #wall: () => EpochMs
  readonly #events = new EventRing()
  readonly #clock: Clock
  readonly #lanes = new Lanes()
  readonly #streams = new Streams()
  /** The last costs of a source that has no lane yet (a wildcard before its first delivery). */
  readonly #early = new Map<string, ReportedExchange>()
  #startedAt: EpochMs
  #windowStart: EpochMs
  #target: { ms: Ms; share: Share }
  readonly #plans: Plans

  constructor(options: DeliveryMetricsOptions) {
    this.id = options.id
    this.name = options.name
    this.isGone = options.isGone ?? (() => null)
    this.#clock = options.clock
    this.#ownBusyShare = options.ownBusyShare ?? (() => null)
    this.#wall = options.wall ?? (() => options.clock.now())
    this.#startedAt = options.clock.now()
    this.#windowStart = this.#startedAt + options.warmUpMs
    this.#target = { ms: options.targetMs, share: options.targetShare }
    this.#plans = options.plans ?? NO_PLANS
  }

  get target(): { readonly ms: Ms; readonly share: Share } {
    return this.#target
  }

  /** Another target for the figures so far and to come. */
  retarget(target: { readonly ms: Ms; readonly share: Share }): void {
    this.#target = { ...target }
    for (const lane of this.#lanes) lane.ledger.retarget(target.ms, lane.home?.speed ?? 1)
  }

  /** Figures at zero; what every lane holds stays held. Lanes that have ended are forgotten. */
  reset(): void {
    const now = this.#clock.now()
    this.#startedAt = now
    this.#windowStart = now
    this.#lanes.forgetDropped()
    for (const lane of [...this.#lanes]) {
      if (endOf(lane, { now, gone: this.isGone(lane.source) }) !== null) this.#forget(lane)
      else {
        lane.previous = []
        lane.begin(now)
      }
    }
    for (const stream of this.#streams) stream.reset()
  }

  /** The origin's record of an update: the ground truth. */
  update(update: Update): void {
    const now = this.#clock.now()
    const group = this.#streams.named(update.stream)
    if (group === null) return
    const known = group.streams.length
    const stream = group.ofOrigin(update)
    // a burst is longer than what is kept for lanes that join after it
    if (group.streams.length > known)
      for (const lane of this.#lanes) if (lane.stream === update.stream) this.#bind(lane)
    stream.update(update, now)
    this.#events.push('update', update)
  }

  delivery(delivery: ReportedDelivery): void {
    const now = this.#clock.now()
    const group = this.#streams.named(delivery.stream)
    if (group === null) {
      this.#lanes.drop(delivery)
      return
    }
    const lane = this.#laneOf(delivery, delivery.read)
    if (lane === null) return
    this.#heard(lane, delivery, delivery.receivedAt, true)
    this.#events.push('delivery', placeDelivery(lane, group, delivery, now))
  }

  exchange(exchange: ReportedExchange): void {
    const known = this.#lanes.ofSource(exchange)
    if (known === undefined) {
      // a topic filter is no stream: its lanes come with their first deliveries
      if (/[+#]/.test(exchange.stream)) {
        if (this.#early.size < MOST_LANES) this.#early.set(`${exchange.model} ${exchange.source}`, exchange)
      } else {
        const read = exchange.settings?.read ?? (exchange.model === 'push' ? 'push' : 'latest')
        const lane = this.#laneOf(exchange, read)
        if (lane !== null) this.#exchanged(lane, exchange)
      }
    } else for (const lane of known.values()) this.#exchanged(lane, exchange)
    this.#events.push('exchange', exchange)
  }

  fault(fault: Fault): void {
    for (const lane of this.#lanes) if (concerns(fault, lane)) lane.outages.fault(fault)
    this.#events.push('fault', fault)
  }

  /** Instants of generation of the busiest stream, as `delivery-workload` replays them. */
  times(): readonly EpochMs[] {
    return this.#streams.busiestTimes()
  }

  /**
   * The report (CONTRACT 5).
   * @param detail - with histograms
   */
  report(detail = false, wish: AdviceWish = 'whole'): Report {
    return wholeReport(this.#measured(detail), wish)
  }

  /** What the advice rests on, for whoever decides with other settings. */
  decisions(): Decisions {
    const { now, settings, streams, lanes } = this.#measured(false)
    return decisionsOf(now, settings, streams, lanes)
  }

  /** The distributions of latency of every lane, for pictures. */
  curves(): Curves {
    return curvesOf(this.#lanes, this.#clock.now())
  }

  /** Recent events, for the timeline (see EventRing). */
  eventsAfter(after: number): EventPage {
    return this.#events.after(after, this.#clock.now())
  }

  #measured(detail: boolean): Measured {
    const now = this.#clock.now()
    const lanes = [...this.#lanes]
    for (const lane of lanes) {
      this.#bind(lane)
      lane.drain(now)
    }
    return {
      id: this.id,
      name: this.name,
      startedAt: this.#startedAt,
      now,
      settings: { target: { ...this.#target }, ...this.#plans },
      dropped: this.#lanes.dropped,
      apartMs: this.#wall() - now,
      streams: Array.from(this.#streams, stream => ({ stream, report: streamReport(stream, detail) })),
      lanes: lanes.map(lane => ({ lane, report: this.#laneReport(lane, now, detail) }))
    }
  }

  #laneReport(lane: Lane, now: EpochMs, detail = false): LaneReport {
    const unequal = inequality(lane, this.#lanes, now)
    const gone = this.isGone(lane.source)
    return laneReport(lane, {
      now,
      detail,
      gone,
      unequal,
      ownBusyShare: this.#ownBusyShare(),
      apartMs: this.#wall() - now
    })
  }

  /**
   * What every record says of its lane: the run, the settings, the costs.
   * @param settled - it ends a poll: no request is under way
   */
  #heard(
    lane: Lane,
    record: RecordedCosts & RunRecord & { readonly sourceName: string },
    at: EpochMs,
    settled: boolean
  ): void {
    if (record.sourceName !== lane.wantedName) this.#lanes.rename(lane, record.sourceName)
    const newRun = lane.run.isNew(record)
    // the figures under the earlier settings end with the earlier run
    const changedAt = newRun ? lane.run.lastRecordAt : at
    const previous = lane.differs(record.settings)
      ? { ...this.#laneReport(lane, changedAt), previous: [], flags: [] }
      : null
    lane.heard(record, at)
    if (record.settings !== null) lane.configure(record.settings, newRun ? record.since : at, previous)
    if (record.totals !== null || record.server !== null) lane.cost(record, at, settled)
  }

  #exchanged(lane: Lane, exchange: ReportedExchange): void {
    const settled = exchange.kind === 'poll' && exchange.outcome !== 'skipped'
    this.#heard(lane, exchange, exchange.startedAt, settled)
    lane.run.heard(exchange.endedAt)
    lane.exchange(exchange)
  }

  #laneOf(identity: LaneIdentity, read: Lane['read']): Lane | null {
    const known = this.#lanes.find(identity)
    if (known !== undefined) return known
    const lane = this.#lanes.add(identity, read, this.#windowStart, this.#target.ms)
    if (lane === null) return null
    this.#bind(lane)
    const key = `${identity.model} ${identity.source}`
    const early = this.#early.get(key)
    if (early !== undefined) {
      this.#early.delete(key)
      this.#exchanged(lane, early)
    }
    return lane
  }

  /** Before its first delivery a lane belongs to the only origin of its stream name. */
  #bind(lane: Lane): void {
    if (lane.home !== null || lane.told.foreign) return
    const only = this.#streams.only(lane.stream)
    if (only !== null) lane.join(only)
  }

  #forget(lane: Lane): void {
    lane.home?.lanes.delete(lane)
    this.#lanes.remove(lane)
  }
}

/** Whether a fault took the server of a lane: one without a target takes all. */
const concerns = ({ target }: Fault, { serverId, source, name, model }: Lane): boolean =>
  target === null || [serverId, source, name, model].includes(target)
