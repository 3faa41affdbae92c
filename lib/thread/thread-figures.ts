import type { EpochMs, Ms } from '../units.js'
import type { ServerTotals } from '../update/exchange.js'
import type { ServerCounters } from './thread-server.js'

/** What one life of a thread has cost so far. */
export interface ThreadSample {
  readonly at: EpochMs
  readonly busyMs: Ms
  readonly cpuMs: Ms | null
  readonly counters: ServerCounters
}

const NOTHING: ServerCounters = { connections: 0, dropped: 0, refused: 0, expired: 0, updates: 0, limits: {} }

/** Cumulative figures of a server over all lives of its thread; a gauge is the last sample's. */
export class ThreadFigures {
  #totals: ServerTotals
  #earlier: ServerTotals
  #limits: Readonly<Record<string, number>> = {}
  #earlierLimits: Readonly<Record<string, number>> = {}

  constructor(since: EpochMs) {
    const { limits: _, ...counts } = NOTHING
    this.#totals = this.#earlier = { at: since, since, busyMs: 0, cpuMs: 0, ...counts }
  }

  /** As of the last sample. */
  get totals(): ServerTotals {
    return this.#totals
  }

  /** Each limit that bit, by name. */
  get limits(): Readonly<Record<string, number>> {
    return this.#limits
  }

  /** Takes a sample of the present life. */
  record({ at, busyMs, cpuMs, counters }: ThreadSample): void {
    const { since, ...earlier } = this.#earlier
    this.#totals = {
      at,
      since,
      busyMs: earlier.busyMs + busyMs,
      cpuMs: cpuMs === null || earlier.cpuMs === null ? null : earlier.cpuMs + cpuMs,
      connections: counters.connections,
      dropped: earlier.dropped + counters.dropped,
      refused: earlier.refused + counters.refused,
      expired: earlier.expired + counters.expired,
      updates: earlier.updates + counters.updates
    }
    this.#limits = sum(this.#earlierLimits, counters.limits)
  }

  /** The present life is over: what it had cost at its last sample is kept. */
  endLife(at: EpochMs): void {
    this.#totals = this.#earlier = { ...this.#totals, at, connections: 0 }
    this.#earlierLimits = this.#limits
  }

  /** Counts under a name of the supervisor's own, outside any life. */
  count(name: string, times = 1): void {
    this.#earlierLimits = sum(this.#earlierLimits, { [name]: times })
    this.#limits = sum(this.#limits, { [name]: times })
  }
}

function sum(
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>
): Readonly<Record<string, number>> {
  const total: Record<string, number> = { ...a }
  for (const [name, times] of Object.entries(b)) total[name] = (total[name] ?? 0) + times
  return total
}
