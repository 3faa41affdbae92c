import type { Cancel, Clock } from '../clock.js'
import type { Bytes, EpochMs, Ms } from '../units.js'
import type { SourceTotals } from './exchange.js'

/** What changed in a source's totals and that no exchange has told yet. */
export interface Traffic {
  /** When totals were last told. */
  readonly startedAt: EpochMs
  readonly endedAt: EpochMs
  readonly updates: number
  readonly bytesSent: Bytes
  readonly bytesReceived: Bytes
}

export interface TrafficOptions {
  readonly clock: Clock
  totals(): SourceTotals
  /** Make one `traffic` exchange of it. */
  onTraffic(traffic: Traffic): void
}

/** Least time between two `traffic` exchanges (CONTRACT 4). */
const EVERY: Ms = 1000

/** Tells what a source costs between its other exchanges: once a second while its totals change (CONTRACT 4). */
export interface TrafficWatch {
  /** Another exchange has just told the totals. */
  told(): void
  /** Tells now, whether or not anything changed: flows have started, and a metrics node may be new. */
  tell(): void
  close(): void
}

export function watchTraffic({ clock, totals, onTraffic }: TrafficOptions): TrafficWatch {
  let last = totals()
  let lastAt = clock.now()
  let cancel: Cancel = () => {}
  // from the next whole second on: any number of sources then wakes the thread once
  let due = Math.ceil(lastAt / EVERY) * EVERY
  const told = () => {
    last = totals()
    lastAt = clock.now()
  }
  const tell = () => {
    const now = totals()
    const traffic = {
      startedAt: lastAt,
      endedAt: clock.now(),
      updates: now.updates - last.updates,
      bytesSent: now.bytesSent - last.bytesSent,
      bytesReceived: now.bytesReceived - last.bytesReceived
    }
    told()
    onTraffic(traffic)
  }
  const arm = () => {
    due = Math.max(due + EVERY, clock.now())
    cancel = clock.at(due, () => {
      arm()
      if (differ(last, totals())) tell()
    })
  }
  arm()
  return { told, tell, close: () => cancel() }
}

function differ(before: SourceTotals, after: SourceTotals): boolean {
  return (Object.keys(after) as (keyof SourceTotals)[]).some(key => before[key] !== after[key])
}
