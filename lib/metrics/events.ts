import type { EpochMs } from '../units.js'
import type { Delivery } from '../update/delivery.js'
import type { Exchange, SourceReport } from '../update/exchange.js'
import type { Update } from '../update/update.js'
import { type EventPage, eventPage } from './event-page.js'
import type { Fault } from './records.js'

/** What the ring keeps: the record itself, so that keeping it costs nothing. */
export type TimelineRecord =
  | { readonly kind: 'update'; readonly record: Update }
  | { readonly kind: 'delivery'; readonly record: Delivery }
  | { readonly kind: 'exchange'; readonly record: Omit<Exchange, keyof SourceReport> }
  | { readonly kind: 'fault'; readonly record: Fault }

/** Events kept. */
const KEPT = 2000
/** Events in one answer, so that it stays below 30 kB. */
const MOST_IN_PAGE = 700

/** The recent past for the timeline, bounded; events are numbered from 1. */
export class EventRing {
  readonly #kinds: TimelineRecord['kind'][] = new Array(KEPT).fill('update')
  readonly #records: unknown[] = new Array(KEPT).fill(null)
  #last = 0

  push<K extends TimelineRecord['kind']>(
    kind: K,
    record: Extract<TimelineRecord, { readonly kind: K }>['record']
  ): void {
    const at = this.#last % KEPT
    this.#kinds[at] = kind
    this.#records[at] = record
    this.#last += 1
  }

  /**
   * Events with numbers above `after`, oldest first, at most 700. After 0, or a number that this ring has not
   * reached (it began anew), come the newest.
   */
  after(after: number, now: EpochMs): EventPage {
    const fresh = after <= 0 || after > this.#last
    const asked = fresh ? 0 : after
    const oldest = this.#last - (fresh ? MOST_IN_PAGE : KEPT)
    const from = Math.max(asked, oldest, 0)
    const to = Math.min(this.#last, from + MOST_IN_PAGE)
    const records: TimelineRecord[] = []
    for (let index = from; index < to; index += 1) {
      const at = index % KEPT
      records.push({ kind: this.#kinds[at], record: this.#records[at] } as TimelineRecord)
    }
    return eventPage(records, { now, last: to, more: this.#last - to, missed: from - asked })
  }
}
