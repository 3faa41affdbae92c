import type { Clock } from '../clock.js'
import type { DeliveryErrorCode } from '../errors.js'
import type { EpochMs } from '../units.js'
import {
  type ClockOffset,
  type Exchange,
  NO_TOTALS,
  type Outcome,
  type ServerTotals,
  type SourceReport,
  type SourceSettings,
  type SourceTotals
} from '../update/exchange.js'
import { type TrafficWatch, watchTraffic } from '../update/traffic.js'
import type { Wire, WireBytes } from './wire.js'

export interface TallyOptions {
  readonly clock: Clock
  readonly wire: Wire
  /** Node id of the source. */
  readonly source: string
  readonly sourceName: string
  readonly stream: string
  settings(): SourceSettings
  server(): ServerTotals | null
  /** Whether anybody takes exchanges now: for nobody, none is made. */
  exchangesWanted(): boolean
  onExchange(exchange: Exchange): void
}

/** How one request ended. */
export interface RequestEnd {
  readonly outcome: Outcome
  readonly endedAt: EpochMs
  readonly statusCode: number | null
  readonly code: DeliveryErrorCode | null
  readonly updates: number
  readonly clock: ClockOffset | null
}

/** A request under way. */
export interface OpenRequest {
  readonly id: string
  readonly stream: string
  readonly dueAt: EpochMs | null
  readonly startedAt: EpochMs
}

type Counts = { -readonly [K in Exclude<keyof SourceTotals, 'open'>]: number }
const nothing = (): Counts => {
  const { open, ...counts } = NO_TOTALS
  return counts
}
const COUNTED: Readonly<Partial<Record<Outcome, keyof Counts>>> = {
  empty: 'empty',
  'not-modified': 'notModified',
  error: 'errors',
  timeout: 'timeouts',
  throttled: 'throttled',
  skipped: 'skipped'
}

/**
 * Counts what polling costs, and makes the exchanges of it (CONTRACT 4).
 * Until the first answered poll a run of its own is counted; with that poll the counters begin at 0.
 */
export class Tally {
  readonly #options: TallyOptions
  readonly #traffic: TrafficWatch
  readonly #run: string
  /** Absolute counts, and what they were when `since` began. */
  readonly #counts = nothing()
  #base = nothing()
  #since: EpochMs
  #answered = false
  #pollStart: { readonly at: EpochMs; readonly counts: Counts } | null = null
  #serial = 0
  /** Bytes already told by an exchange. */
  #told: WireBytes = { sent: 0, received: 0 }

  constructor(options: TallyOptions) {
    this.#options = options
    this.#since = options.clock.now()
    this.#run = Math.round(this.#since).toString(36)
    this.#traffic = watchTraffic({
      clock: options.clock,
      totals: () => this.totals(),
      onTraffic: ({ startedAt, endedAt, updates }) =>
        this.#emit('traffic', this.#opened(options.stream, null, startedAt), {
          outcome: 'traffic',
          endedAt,
          statusCode: null,
          code: null,
          updates,
          clock: null
        })
    })
  }

  /** Start of this run: of its first answered poll, or where that one found its place, once there is one. */
  get since(): EpochMs {
    return this.#since
  }

  /** Whether anybody takes exchanges now. */
  get exchangesWanted(): boolean {
    return this.#options.exchangesWanted()
  }

  /** Whether a poll of this run has been answered. */
  get answered(): boolean {
    return this.#answered
  }

  /** One more request goes out. */
  request(stream: string, dueAt: EpochMs | null, firstOfPoll: boolean): OpenRequest {
    const startedAt = this.#options.clock.now()
    if (!this.#answered && firstOfPoll) this.#pollStart = { at: startedAt, counts: { ...this.#now() } }
    this.#counts.requests += 1
    return this.#opened(stream, dueAt, startedAt)
  }

  /**
   * The poll under way got an answer: if it is the run's first, `since` is its start.
   * @param from - where the run begins instead
   */
  answer(from?: EpochMs): void {
    if (this.#answered) return
    this.#answered = true
    if (!this.#pollStart) return
    this.#since = from ?? this.#pollStart.at
    this.#base = this.#pollStart.counts
    this.#pollStart = null
  }

  /** The end of a request; its deliveries have left. */
  end(request: OpenRequest, end: RequestEnd): void {
    this.#count(end.outcome, 1)
    this.#counts.updates += end.updates
    this.#emit('poll', request, end)
  }

  /** Ticks on which nothing was sent; `dueAt` is the last one's. */
  skip(dueAt: EpochMs, ticks: number): void {
    this.#count('skipped', ticks)
    const now = this.#options.clock.now()
    this.#emit('poll', this.#opened(this.#options.stream, dueAt, now), {
      outcome: 'skipped',
      endedAt: now,
      statusCode: null,
      code: null,
      updates: 0,
      clock: null
    })
  }

  totals(): SourceTotals {
    const now = this.#now()
    const totals = nothing()
    for (const key of Object.keys(totals) as (keyof Counts)[]) totals[key] = now[key] - this.#base[key]
    return { ...totals, open: this.#options.wire.open }
  }

  report(): SourceReport {
    const { settings, server } = this.#options
    return { settings: settings(), totals: this.totals(), server: server() }
  }

  /** Tells what is open, for a metrics node that has just started. */
  tell(): void {
    this.#traffic.tell()
  }

  close(): void {
    this.#traffic.close()
  }

  #now(): Counts {
    const { wire } = this.#options
    const { sent, received } = wire.read()
    this.#counts.connections = wire.opened
    this.#counts.reconnects = wire.reopened
    this.#counts.bytesSent = sent
    this.#counts.bytesReceived = received
    return this.#counts
  }

  #count(outcome: Outcome, times: number): void {
    const key = COUNTED[outcome]
    if (key) this.#counts[key] += times
  }

  #opened(stream: string, dueAt: EpochMs | null, startedAt: EpochMs): OpenRequest {
    this.#serial += 1
    return { id: `${this.#options.source}-${this.#run}-${this.#serial}`, stream, dueAt, startedAt }
  }

  #emit(kind: 'poll' | 'traffic', request: OpenRequest, end: RequestEnd): void {
    const { wire, source, sourceName } = this.#options
    if (!this.#options.exchangesWanted()) return
    const bytes = wire.read()
    const bytesSent = bytes.sent - this.#told.sent
    const bytesReceived = bytes.received - this.#told.received
    this.#told = bytes
    const exchange: Exchange = {
      id: request.id,
      model: 'pull',
      source,
      sourceName,
      stream: request.stream,
      kind,
      outcome: end.outcome,
      dueAt: request.dueAt,
      startedAt: request.startedAt,
      endedAt: end.endedAt,
      statusCode: end.statusCode,
      code: end.code,
      updates: end.updates,
      bytesSent,
      bytesReceived,
      clock: end.clock,
      since: this.#since,
      ...this.report()
    }
    if (kind === 'poll') this.#traffic.told()
    this.#options.onExchange(exchange)
  }
}
