import { Histogram } from '../stats/histogram.js'
import { TimeBatches } from '../stats/time-batches.js'
import type { EpochMs, Ms } from '../units.js'
import type { Model, Read } from '../update/delivery.js'
import type { ClockOffset, Exchange, SourceReport, SourceSettings } from '../update/exchange.js'
import { compareUpdates } from '../update/identity.js'
import { Costs } from './costs.js'
import { HoldTimes } from './hold-times.js'
import { LaneRun, type RunRecord } from './lane-run.js'
import { Ledger, type Placed } from './ledger.js'
import type { MatchedBy } from './matching.js'
import { Outages } from './outages.js'
import { countOutcome, isAnswered, noOutcomes, type OutcomeCounts } from './outcomes.js'
import { PollCosts } from './poll-costs.js'
import { PollPhase } from './poll-phase.js'
import type { RecordedCosts } from './recorded-costs.js'
import type { LaneReport } from './report.js'
import type { Stream, StreamLane } from './stream.js'
import { ToldFacts } from './told-facts.js'
import type { Place } from './truth.js'
import { LaneWindow } from './window.js'

/** A delivery waits this long for the truth about what it jumped over. */
const PATIENCE_MS = 10_000
/** Deliveries that wait at most. */
const WAITING = 1024
const PREVIOUS = 3

/** One source as the metrics node sees it: (source, model, stream), over all its runs. */
export class Lane implements StreamLane {
  readonly key: string
  readonly source: string
  readonly model: Model
  readonly stream: string
  name: string
  /** Without the suffix that tells it from others. */
  wantedName: string
  read: Read
  settings: SourceSettings | null = null
  clock: ClockOffset | null = null
  matchedBy: MatchedBy | null = null
  home: Stream | null = null
  /** Its server runs in the process of its source. */
  serverBeside = false
  /** Node id of its server's config node, as far as records told. */
  serverId: string | null = null
  /** Its source's schedule is paused. */
  paused = false
  exchanges = 0
  /** Streams that its source delivers. */
  shared = 1
  previous: LaneReport[] = []
  readonly window: LaneWindow
  readonly run: LaneRun
  readonly ledger: Ledger
  readonly costs = new Costs()
  readonly polls = new PollCosts()
  readonly told = new ToldFacts()
  readonly outages = new Outages()
  readonly behindFirst = new Histogram()
  /** The same values by time, for their confidence. */
  readonly behindFirstBatches = new TimeBatches()
  readonly scheduleLag = new Histogram()
  outcomes: OutcomeCounts = noOutcomes()
  /** Gaps between updates generated in the window. */
  readonly gaps = new Histogram()
  readonly holds = new HoldTimes()
  readonly #phase = new PollPhase()
  #newest: Place | null = null
  #waiting: Placed[] = []

  constructor(
    identity: { key: string; source: string; model: Model; stream: string; name: string; read: Read },
    windowStart: EpochMs,
    targetMs: Ms
  ) {
    this.key = identity.key
    this.source = identity.source
    this.model = identity.model
    this.stream = identity.stream
    this.name = this.wantedName = identity.name
    this.read = identity.read
    this.window = new LaneWindow(windowStart)
    this.run = new LaneRun(this.model, this.window)
    this.ledger = new Ledger(this.window, targetMs, () => this.read, this.outages)
  }

  get complete(): boolean {
    return this.read !== 'latest'
  }

  get newest(): Place | null {
    return this.#newest
  }

  get held(): Place | null {
    return this.ledger.held
  }

  /** Jitter of the polls as a share of the interval. */
  get jitter(): number {
    return this.#phase.jitter(this.settings?.intervalMs ?? null)
  }

  /** A record came whose cause began at `at`: a new run of the source continues the lane. */
  heard(record: RunRecord, at: EpochMs): void {
    if (this.run.since === null) this.begin(record.since)
    else if (this.run.isNew(record)) {
      this.#phase.clear()
      this.paused = false
      this.outages.newRun(this.run.lastRecordAt)
    }
    this.run.record(record, at)
  }

  /** Whether `settings` are others than those in force so far. */
  differs(settings: SourceSettings | null): boolean {
    return settings !== null && this.settings !== null && !sameSettings(this.settings, settings)
  }

  /**
   * What is in force at the source from `at` on.
   * @param previous - the figures under other settings before, which begins a new window; else null
   */
  configure(settings: SourceSettings, at: EpochMs, previous: LaneReport | null): void {
    this.settings = settings
    this.read = settings.read
    if (previous === null) return
    this.previous = [...this.previous, previous].slice(-PREVIOUS)
    this.holds.clear()
    this.begin(at)
  }

  /** The window starts anew at `at`; where it already starts later, nothing was counted yet. */
  begin(at: EpochMs): void {
    this.window.begin(at)
    this.ledger.begin()
    this.costs.begin()
    this.polls.begin()
    this.behindFirst.clear()
    this.behindFirstBatches.clear()
    this.scheduleLag.clear()
    this.outcomes = noOutcomes()
    this.gaps.clear()
    this.#phase.clear()
    this.told.begin()
    this.outages.begin()
  }

  /** Belongs to `stream` from now on. */
  join(stream: Stream): void {
    if (this.home === stream) return
    if (this.home !== null) {
      this.home.lanes.delete(this)
      this.ledger.forget()
      this.#newest = null
      this.#waiting = []
    }
    this.home = stream
    stream.lanes.add(this)
  }

  /** A delivery came that has no place in any sequence: what an origin generates says nothing about this lane. */
  leaveUnplaced(): void {
    if (this.home === null || this.held !== null) return
    this.home.lanes.delete(this)
    this.home = null
  }

  /** A delivery with a place in its stream; it waits while the truth about what it jumped over may still come. */
  place(
    place: Place,
    generatedAt: EpochMs | null,
    delivery: Omit<Placed, keyof Place | 'generatedAt'>,
    now: EpochMs
  ): void {
    if (this.#newest === null || compareUpdates(place, this.#newest) > 0) this.#newest = place
    // field by field: a spread of the whole record costs more than everything else here
    const { receivedAt, retained, catchUp, duplicate } = delivery
    this.#waiting.push({
      epoch: place.epoch,
      sequence: place.sequence,
      generatedAt,
      receivedAt,
      retained,
      catchUp,
      duplicate
    })
    this.drain(now)
  }

  drain(now: EpochMs): void {
    const { home } = this
    if (home === null || this.#waiting.length === 0) return
    let settled = 0
    for (const delivery of this.#waiting) {
      const patient = now - delivery.receivedAt < PATIENCE_MS && this.#waiting.length - settled <= WAITING
      if (patient && home.truth.hasAssumed(this.held, delivery) && home.mayFill(delivery, this)) break
      this.ledger.settle(delivery, home.truth, home.speed)
      settled += 1
    }
    if (settled === this.#waiting.length) this.#waiting.length = 0
    else if (settled > 0) this.#waiting.splice(0, settled)
  }

  onGap(previousAt: EpochMs, gapMs: Ms): void {
    if (previousAt < this.window.start) return
    this.gaps.record(gapMs)
  }

  /**
   * The costs that ride on a record whose cause began at `at`.
   * @param settled - the record ends a poll: no request is under way
   */
  cost({ totals, server }: RecordedCosts, at: EpochMs, settled: boolean): void {
    if (totals) {
      this.costs.recordTotals(at, this.run.since ?? at, totals, this.window.start, settled)
      if (this.model === 'pull' && this.exchanges === 0 && at >= this.window.start)
        this.polls.totals(this.run.since ?? at, totals)
    }
    if (!server) return
    this.serverBeside = true
    this.serverId = server.id ?? this.serverId
    this.costs.recordServer(server, this.window.start)
  }

  exchange(exchange: Omit<Exchange, keyof SourceReport> & Pick<RecordedCosts, 'totals'>): void {
    this.exchanges += 1
    this.outages.exchange(exchange)
    this.paused = exchange.paused === true
    if (exchange.clock) this.clock = exchange.clock
    if (isAnswered(exchange.outcome)) this.run.asked(exchange.startedAt)
    if (exchange.kind !== 'poll') return
    this.holds.exchange(exchange, this)
    if (exchange.startedAt < this.window.start) return
    countOutcome(this.outcomes, exchange.outcome)
    this.polls.exchange(exchange, this.settings?.trigger ?? null)
    const { dueAt } = exchange
    if (dueAt === null || exchange.outcome === 'skipped') return
    this.scheduleLag.record(exchange.startedAt - dueAt)
    const interval = this.settings?.intervalMs
    if (interval) this.#phase.record(dueAt, interval)
  }

  /**
   * What a delivery tells about itself, beside its place.
   * @param foreign - it carries no number of ours
   */
  note(generatedAt: EpochMs | null, foreign: boolean, zoneMissing: boolean): void {
    const { lastRecordAt } = this.run
    this.run.asked(Math.min(generatedAt ?? lastRecordAt, lastRecordAt))
    this.told.note(generatedAt, foreign, zoneMissing)
    this.holds.delivered(generatedAt)
  }
}

function sameSettings(a: SourceSettings, b: SourceSettings): boolean {
  return (Object.keys(a) as (keyof SourceSettings)[]).every(key => a[key] === b[key])
}
