import { Histogram } from '../stats/histogram.js'
import type { Bytes, EpochMs, Ms } from '../units.js'
import type { Exchange, SourceTotals, Trigger } from '../update/exchange.js'
import { isAnswered } from './outcomes.js'

/** What polls cost in a lane's window, by what they brought: sums, so that lanes can be added. */
export interface PollCostReading {
  readonly updated: KindCosts
  /** `empty` and `not-modified`. */
  readonly empty: KindCosts
  /** Of answered polls that the server did not hold. */
  readonly durations: Histogram
}

export interface KindCosts {
  readonly count: number
  readonly bytes: Bytes
}

/** Below this, the two unknowns cannot be told apart: sine² of the angle between the two columns. */
const WELL_CONDITIONED = 0.02
const LEAST_RECORDS = 20

/**
 * Bytes and durations of polls. From the exchanges where they are wired; where only totals ride on deliveries, the
 * two costs are solved by least squares from what the totals grew by between records.
 */
export class PollCosts {
  #updated = { count: 0, bytes: 0 }
  #empty = { count: 0, bytes: 0 }
  #durations = new Histogram()
  #fit = noFit()
  #last: { readonly since: EpochMs; readonly totals: SourceTotals } | null = null

  begin(): void {
    this.#updated = { count: 0, bytes: 0 }
    this.#empty = { count: 0, bytes: 0 }
    this.#durations = new Histogram()
    this.#fit = noFit()
  }

  /** A poll of the window. */
  exchange(
    { outcome, bytesSent, bytesReceived, startedAt, endedAt }: PolledExchange,
    trigger: Trigger | null
  ): void {
    if (!isAnswered(outcome)) return
    const kind = outcome === 'updated' ? this.#updated : this.#empty
    kind.count += 1
    kind.bytes += bytesSent + bytesReceived
    if (trigger !== 'long-poll') this.#durations.record(endedAt - startedAt)
  }

  /** Totals of a record in the window. */
  totals(since: EpochMs, totals: SourceTotals): void {
    const before = this.#last
    this.#last = { since, totals }
    if (before === null || before.since !== since) return
    const grown = (key: keyof SourceTotals) => totals[key] - before.totals[key]
    const empty = grown('empty') + grown('notModified')
    const failed = grown('errors') + grown('timeouts') + grown('throttled')
    const updated = grown('requests') - empty - failed
    if (failed > 0 || updated < 0 || empty < 0 || updated + empty === 0) return
    const bytes = grown('bytesSent') + grown('bytesReceived')
    const fit = this.#fit
    fit.count += 1
    fit.updated += updated
    fit.empty += empty
    fit.updatedSquares += updated * updated
    fit.emptySquares += empty * empty
    fit.product += updated * empty
    fit.updatedBytes += updated * bytes
    fit.emptyBytes += empty * bytes
  }

  read(): PollCostReading {
    if (this.#updated.count + this.#empty.count > 0 || this.#fit.count < LEAST_RECORDS)
      return { updated: this.#updated, empty: this.#empty, durations: this.#durations }
    return { ...solve(this.#fit), durations: this.#durations }
  }
}

type PolledExchange = Pick<Exchange, 'outcome' | 'bytesSent' | 'bytesReceived' | 'startedAt' | 'endedAt'>
type Fit = ReturnType<typeof noFit>

/** Sums of the normal equations of bytes = updated · a + empty · b. */
const noFit = () => ({
  count: 0,
  updated: 0,
  empty: 0,
  updatedSquares: 0,
  emptySquares: 0,
  product: 0,
  updatedBytes: 0,
  emptyBytes: 0
})

function solve(fit: Fit): Pick<PollCostReading, 'updated' | 'empty'> {
  const nothing = { updated: { count: 0, bytes: 0 }, empty: { count: 0, bytes: 0 } }
  const scale = fit.updatedSquares * fit.emptySquares
  const determinant = scale - fit.product * fit.product
  if (!(determinant > WELL_CONDITIONED * scale)) return nothing
  const perUpdated = (fit.updatedBytes * fit.emptySquares - fit.emptyBytes * fit.product) / determinant
  const perEmpty = (fit.emptyBytes * fit.updatedSquares - fit.updatedBytes * fit.product) / determinant
  if (perUpdated <= 0 || perEmpty <= 0) return nothing
  return {
    updated: { count: fit.updated, bytes: fit.updated * perUpdated },
    empty: { count: fit.empty, bytes: fit.empty * perEmpty }
  }
}

/** MEASURING: half the median duration of answered polls that are not held; null before the first. */
export function wayBackOf(durations: Histogram): Ms | null {
  return durations.count === 0 ? null : durations.quantile(0.5) / 2
}
