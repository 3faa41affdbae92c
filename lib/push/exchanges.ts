import type { Clock } from '../clock.js'
import type { DeliveryErrorCode } from '../errors.js'
import type { EpochMs } from '../units.js'
import type {
  Exchange,
  ExchangeKind,
  Outcome,
  ServerTotals,
  SourceReport,
  SourceSettings,
  SourceTotals
} from '../update/exchange.js'
import { type TrafficWatch, watchTraffic } from '../update/traffic.js'
import type { Source } from './arrival.js'
import type { LinkTotals } from './link.js'

export interface PushExchangesOptions {
  readonly clock: Clock
  readonly source: Source
  readonly topicFilter: string
  settings(): SourceSettings
  /** Null for an external server. */
  server(): ServerTotals | null
  link(): LinkTotals
  /** Nobody listens: nothing is made. */
  wanted(): boolean
  onExchange(exchange: Exchange): void
}

const nothing: LinkTotals = {
  connections: 0,
  reconnects: 0,
  open: 0,
  errors: 0,
  bytesSent: 0,
  bytesReceived: 0
}

/**
 * What one run of a subscriber costs. A run begins with the first subscription; until then every attempt
 * that failed is a run of its own, of no length, so that a new `since` always means counters from zero.
 */
export class PushExchanges {
  readonly #options: PushExchangesOptions
  #since: EpochMs | null = null
  #updates = 0
  #errors = 0
  /** What earlier runs have told. */
  #before = nothing
  /** What the last exchange has told. */
  #told: Pick<SourceTotals, 'updates' | 'bytesSent' | 'bytesReceived'> = {
    updates: 0,
    bytesSent: 0,
    bytesReceived: 0
  }
  #traffic: TrafficWatch | null = null
  #count = 0

  constructor(options: PushExchangesOptions) {
    this.#options = options
  }

  /** Start of this run; null before the first subscription. */
  get since(): EpochMs | null {
    return this.#since
  }

  /** The first subscription is in force. */
  begin(since: EpochMs): void {
    if (this.#since !== null) return
    this.#since = since
    this.#traffic = watchTraffic({
      clock: this.#options.clock,
      totals: () => this.totals(),
      onTraffic: ({ startedAt, endedAt }) => this.#tell('traffic', 'traffic', startedAt, endedAt, since, null)
    })
  }

  /** One new update was delivered. */
  countUpdate(): void {
    this.#updates += 1
  }

  /** A subscription was refused. */
  countError(): void {
    this.#errors += 1
  }

  totals(): SourceTotals {
    const link = this.#link()
    return {
      connections: link.connections - this.#before.connections,
      reconnects: link.reconnects - this.#before.reconnects,
      open: link.open,
      requests: 0,
      empty: 0,
      notModified: 0,
      errors: link.errors - this.#before.errors,
      timeouts: 0,
      throttled: 0,
      skipped: 0,
      updates: this.#updates,
      bytesSent: link.bytesSent - this.#before.bytesSent,
      bytesReceived: link.bytesReceived - this.#before.bytesReceived
    }
  }

  report(): SourceReport {
    return { settings: this.#options.settings(), totals: this.totals(), server: this.#options.server() }
  }

  /** Connected and subscribed; `startedAt` = the attempt's first byte. */
  connected(startedAt: EpochMs): void {
    this.#event('connected', startedAt, null)
  }

  /** The connection ended; `heardAt` = when the broker was last heard of. */
  disconnected(heardAt: EpochMs, code: DeliveryErrorCode): void {
    this.#event('disconnected', heardAt, code)
  }

  /** An attempt to connect or to subscribe failed. */
  failed(startedAt: EpochMs, code: DeliveryErrorCode): void {
    this.#event('error', startedAt, code)
  }

  /** Flows have started: a metrics node may be new. */
  tell(): void {
    this.#traffic?.tell()
  }

  close(): void {
    this.#traffic?.close()
  }

  #link(): LinkTotals {
    const link = this.#options.link()
    return { ...link, errors: link.errors + this.#errors }
  }

  #event(outcome: Outcome, startedAt: EpochMs, code: DeliveryErrorCode | null): void {
    const now = this.#options.clock.now()
    const told = this.#tell('connection', outcome, startedAt, now, this.#since ?? now, code)
    if (told) this.#traffic?.told()
    if (told && this.#since === null) {
      this.#before = { ...this.#link(), open: 0 }
      this.#told = this.totals()
    }
  }

  #tell(
    kind: ExchangeKind,
    outcome: Outcome,
    startedAt: EpochMs,
    endedAt: EpochMs,
    since: EpochMs,
    code: DeliveryErrorCode | null
  ): boolean {
    const { source, topicFilter, wanted, onExchange } = this.#options
    if (!wanted()) return false
    const report = this.report()
    this.#count += 1
    const exchange: Exchange = {
      id: `${source.id}-${Math.round(since * 1000).toString(36)}-${this.#count}`,
      model: 'push',
      source: source.id,
      sourceName: source.name,
      stream: topicFilter,
      kind,
      outcome,
      dueAt: null,
      startedAt,
      endedAt,
      statusCode: null,
      code,
      updates: report.totals.updates - this.#told.updates,
      bytesSent: report.totals.bytesSent - this.#told.bytesSent,
      bytesReceived: report.totals.bytesReceived - this.#told.bytesReceived,
      ...report,
      clock: null,
      since
    }
    this.#told = report.totals
    onExchange(exchange)
    return true
  }
}
