import type { Bytes } from '../units.js'
import { parseUpdateId } from '../update/identity.js'
import type { HandedUpdate } from '../update/update.js'

/** One kept update. */
export interface LogEntry {
  readonly id: string
  readonly epoch: string
  readonly sequence: number
  readonly body: Uint8Array
  /** Updates may be missing between this one and the one before it. */
  readonly afterGap: boolean
}

/** A run of entries after a cursor: positions count from the first update ever appended. */
export interface LogRange {
  readonly from: number
  /** Exclusive. */
  readonly to: number
  /** The cursor names an update that is kept. */
  readonly kept: boolean
  /** Updates after the cursor may be missing: `Feed-Gap`. */
  readonly gap: boolean
}

/** How much one log keeps. */
export interface LogBounds {
  /** At least 1. */
  readonly updates: number
  readonly bytes: Bytes
}

/**
 * The newest updates of one stream in the order of their arrival, bounded in number and in bytes.
 *
 *     position   base            base + 3
 *     entries    e1:7 e1:8 e2:1  e2:2          runs   e1 from base, e2 from base + 2
 */
export class UpdateLog {
  readonly #bounds: LogBounds
  /** Slots before `#head` are free; they are cut off now and then. */
  #entries: (LogEntry | undefined)[] = []
  #head = 0
  /** Position of `#entries[0]`. */
  #base = 0
  #bytes = 0
  /** Where each epoch begins; within a run sequences ascend. */
  #runs: { readonly epoch: string; readonly from: number }[] = []
  #restored = false

  constructor(bounds: LogBounds) {
    this.#bounds = bounds
  }

  /** Position of the oldest kept update. */
  get start(): number {
    return this.#base + this.#head
  }

  /** Position after the newest update. */
  get end(): number {
    return this.#base + this.#entries.length
  }

  /** Bytes of the kept updates. */
  get bytes(): Bytes {
    return this.#bytes
  }

  get newest(): LogEntry | undefined {
    return this.#entries.at(-1)
  }

  /** The update at a position; throws outside `start`–`end`, which no caller asks for. */
  at(position: number): LogEntry {
    const entry = this.#entries[position - this.#base]
    if (!entry)
      throw new RangeError(`Expected a position from ${this.start} to ${this.end}, found ${position}`)
    return entry
  }

  /** Puts back the last update that a server before this one had: what came after it may be missing. */
  restore(update: HandedUpdate): void {
    this.append(update)
    this.#restored = true
  }

  /**
   * Keeps one update.
   * @returns how many old ones it pushed out for their number and for their bytes, or null when it is not newer
   * than the newest one of its epoch: an update handed over twice
   */
  append({ id, epoch, sequence, body }: HandedUpdate): { byNumber: number; byBytes: number } | null {
    const before = this.newest
    if (before?.epoch === epoch && sequence <= before.sequence) return null
    const follows =
      before?.epoch === epoch ? sequence === before.sequence + 1 : sequence === 1 && !this.#restored
    if (before?.epoch !== epoch) this.#runs.push({ epoch, from: this.end })
    this.#entries.push({ id, epoch, sequence, body: alone(body), afterGap: !follows })
    this.#bytes += body.byteLength
    this.#restored = false
    return this.#evict()
  }

  /**
   * What follows a cursor, at most `limit` updates and `maxBytes` (but one update at least).
   * @param cursor - the id of an update; null = from the oldest one
   */
  after(cursor: string | null, limit: number, maxBytes: Bytes): LogRange {
    const id = cursor === null ? null : parseUpdateId(cursor)
    const found = id && this.#find(id.epoch, id.sequence)
    const kept = found !== null && this.at(found).id === cursor
    const from = kept ? found + 1 : this.start
    let to = from
    let bytes = 0
    while (to < this.end && to - from < limit) {
      bytes += this.at(to).body.byteLength + 1
      if (bytes > maxBytes && to > from) break
      to++
    }
    return { from, to, kept, gap: cursor !== null && this.#gapIn(from, to, kept, id) }
  }

  #gapIn(
    from: number,
    to: number,
    kept: boolean,
    cursor: { epoch: string; sequence: number } | null
  ): boolean {
    for (let position = kept ? from : from + 1; position < to; position++)
      if (this.at(position).afterGap) return true
    if (kept) return false
    const oldest = from < to ? this.at(from) : undefined
    return !(oldest && cursor && oldest.epoch === cursor.epoch && oldest.sequence === cursor.sequence + 1)
  }

  /** Position of an update, or null when it is not kept. */
  #find(epoch: string, sequence: number): number | null {
    for (let run = this.#runs.length - 1; run >= 0; run--) {
      if (this.#runs[run]?.epoch !== epoch) continue
      let low = Math.max(this.#runs[run]?.from ?? 0, this.start)
      let high = (this.#runs[run + 1]?.from ?? this.end) - 1
      while (low <= high) {
        const middle = (low + high) >>> 1
        const found = this.at(middle).sequence
        if (found === sequence) return middle
        if (found < sequence) low = middle + 1
        else high = middle - 1
      }
    }
    return null
  }

  #evict(): { byNumber: number; byBytes: number } {
    let byNumber = 0
    let byBytes = 0
    while (this.end - this.start > 1) {
      const overNumber = this.end - this.start > this.#bounds.updates
      if (!overNumber && this.#bytes <= this.#bounds.bytes) break
      this.#bytes -= this.at(this.start).body.byteLength
      this.#entries[this.#head++] = undefined
      if (overNumber) byNumber++
      else byBytes++
    }
    if (this.#head > 64 && this.#head * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#head)
      this.#base += this.#head
      this.#head = 0
    }
    while (this.#runs[1] && this.#runs[1].from <= this.start) this.#runs.shift()
    return { byNumber, byBytes }
  }
}

/** A view into a shared buffer would keep all of that buffer in memory. */
const alone = (body: Uint8Array): Uint8Array =>
  body.byteLength === body.buffer.byteLength ? body : new Uint8Array(body)
