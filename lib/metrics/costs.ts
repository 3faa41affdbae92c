import type { EpochMs, Ms } from '../units.js'
import type { ServerTotals, SourceTotals } from '../update/exchange.js'

/** What a lane's source and server did in the lane's window; gauges as they are now. */
export interface CostReading {
  /** Null when no record carried totals. */
  readonly totals: SourceTotals | null
  /** Requests sent and not answered yet. */
  readonly underWay: number
  readonly server: {
    /** When it started: tells servers apart. */
    readonly since: EpochMs
    readonly elapsedMs: Ms
    readonly busyMs: Ms
    readonly cpuMs: Ms | null
    readonly dropped: number
    readonly refused: number
    readonly updates: number
  } | null
}

type Figures<K extends string> = Readonly<Record<K, number>>

/**
 * Growth of cumulative figures within a window, over several runs that each begin at zero. Counts from zero when
 * a run started in the window, else from the last record before the window, else from the first record seen.
 */
export class Growth<K extends string> {
  readonly #keys: readonly K[]
  #earlier: Figures<K>
  #base: Figures<K> | null = null
  #last: Figures<K> | null = null
  #since: EpochMs | null = null

  constructor(keys: readonly K[]) {
    this.#keys = keys
    this.#earlier = this.#zero()
  }

  /** @param windowStart - start of the window that the figures at `at` belong to, or that is still to come */
  record(at: EpochMs, since: EpochMs, figures: Figures<K>, windowStart: EpochMs): void {
    if (since !== this.#since) {
      this.#earlier = this.#sum()
      this.#base = since >= windowStart ? this.#zero() : null
      this.#since = since
    }
    if (at < windowStart) {
      this.#earlier = this.#zero()
      this.#base = figures
    } else this.#base ??= figures
    this.#last = figures
  }

  /** A new window starts with what is known now. */
  begin(): void {
    this.#earlier = this.#zero()
    this.#base = this.#last
  }

  /** Null before the first record. */
  read(): Figures<K> | null {
    return this.#last === null ? null : this.#sum()
  }

  #sum(): Figures<K> {
    const sum: Record<string, number> = {}
    for (const key of this.#keys)
      sum[key] = this.#earlier[key] + (this.#last?.[key] ?? 0) - (this.#base?.[key] ?? this.#last?.[key] ?? 0)
    return sum as Figures<K>
  }

  #zero(): Figures<K> {
    return Object.fromEntries(this.#keys.map(key => [key, 0])) as Figures<K>
  }
}

const TOTALS = [
  'connections',
  'reconnects',
  'requests',
  'empty',
  'notModified',
  'errors',
  'timeouts',
  'throttled',
  'skipped',
  'updates',
  'bytesSent',
  'bytesReceived'
] as const satisfies readonly (keyof SourceTotals)[]

const SERVER = ['elapsedMs', 'busyMs', 'cpuMs', 'dropped', 'refused', 'updates'] as const

/** Costs of one lane from the totals that ride on exchanges and deliveries: a record lost costs nothing. */
export class Costs {
  readonly #totals = new Growth(TOTALS)
  readonly #server = new Growth(SERVER)
  #open: number | null = null
  /** `requests` of the run when no request was under way, and when last heard of. */
  #settledRequests = 0
  #requests = 0
  #since: EpochMs | null = null
  #cpuKnown = true
  #lastServerAt: EpochMs = Number.NEGATIVE_INFINITY
  #serverSince: EpochMs = 0

  /** @param settled - no request is under way */
  recordTotals(
    at: EpochMs,
    since: EpochMs,
    totals: SourceTotals,
    windowStart: EpochMs,
    settled: boolean
  ): void {
    this.#open = totals.open
    if (settled) this.#settledRequests = totals.requests
    else if (since !== this.#since) this.#settledRequests = 0
    this.#since = since
    this.#requests = totals.requests
    this.#totals.record(at, since, totals, windowStart)
  }

  recordServer(server: ServerTotals, windowStart: EpochMs): void {
    // several sources bring the same sample
    if (server.at <= this.#lastServerAt) return
    this.#lastServerAt = server.at
    this.#serverSince = server.since
    if (server.cpuMs === null) this.#cpuKnown = false
    this.#server.record(
      server.at,
      server.since,
      {
        elapsedMs: server.at - server.since,
        busyMs: server.busyMs,
        cpuMs: server.cpuMs ?? 0,
        dropped: server.dropped,
        refused: server.refused,
        updates: server.updates
      },
      windowStart
    )
  }

  begin(): void {
    this.#totals.begin()
    this.#server.begin()
  }

  read(): CostReading {
    const totals = this.#totals.read()
    const server = this.#server.read()
    return {
      totals: totals && { ...totals, open: this.#open ?? 0 },
      // a source polls one at a time
      underWay: this.#requests > this.#settledRequests ? 1 : 0,
      server: server && { ...server, since: this.#serverSince, cpuMs: this.#cpuKnown ? server.cpuMs : null }
    }
  }
}
