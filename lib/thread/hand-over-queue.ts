import { DeliveryError } from '../errors.js'
import type { Bytes } from '../units.js'
import { compareUpdates } from '../update/identity.js'
import type { HandedUpdate } from '../update/update.js'
import type { CrossedError } from './thread-messages.js'

/** Updates that wait or are under way, together. */
export const MOST_UPDATES = 10_000
/** Their bodies together: 10 000 updates of a megabyte each would not fit into memory. */
export const MOST_BYTES: Bytes = 256 * 1024 * 1024
/** One message to the thread carries no more updates. */
const BATCH = 1000

interface HandOver {
  readonly update: HandedUpdate
  readonly resolve: () => void
  readonly reject: (error: DeliveryError) => void
}

/**
 * The hand-overs of one server thread, in order: those that wait for it to listen, then those under way to it.
 * Each ends exactly once.
 */
export class HandOverQueue {
  #waiting: HandOver[] = []
  readonly #underWay = new Map<number, HandOver>()
  readonly #last = new Map<string, HandedUpdate>()
  #nextNumber = 0
  #bytes: Bytes = 0

  constructor(last: readonly HandedUpdate[]) {
    for (const update of last) this.#last.set(update.stream, update)
  }

  /** Waiting and under way. */
  get size(): number {
    return this.#waiting.length + this.#underWay.size
  }

  /** The last accepted update of each stream. */
  get last(): readonly HandedUpdate[] {
    return [...this.#last.values()]
  }

  /** Puts an update at the end. @throws DeliveryError (rejects) `QUEUE_FULL`, or what it is ended with */
  add(update: HandedUpdate): Promise<void> {
    if (this.size >= MOST_UPDATES || this.#bytes + update.body.byteLength > MOST_BYTES)
      return Promise.reject(
        new DeliveryError(
          'QUEUE_FULL',
          `Expected at most ${MOST_UPDATES} updates and ${MOST_BYTES} bytes to wait for the server, found more`
        )
      )
    this.#bytes += update.body.byteLength
    return new Promise((resolve, reject) => this.#waiting.push({ update, resolve, reject }))
  }

  /** Puts the next waiting updates under way; null when none waits. */
  take(): { readonly first: number; readonly updates: readonly HandedUpdate[] } | null {
    if (this.#waiting.length === 0) return null
    const batch = this.#waiting.length <= BATCH ? this.#waiting : this.#waiting.slice(0, BATCH)
    this.#waiting = batch === this.#waiting ? [] : this.#waiting.slice(BATCH)
    const first = this.#nextNumber
    for (const handOver of batch) this.#underWay.set(this.#nextNumber++, handOver)
    return { first, updates: batch.map(({ update }) => update) }
  }

  /** Ends hand-overs as the thread reports them; `ranges` are pairs from, to. */
  settle(ranges: readonly number[], failures: readonly (readonly [number, CrossedError])[]): void {
    for (const [number, { code, message }] of failures)
      this.#end(number)?.reject(new DeliveryError(code, message))
    for (let index = 0; index < ranges.length; index += 2) {
      const [from = 0, to = -1] = [ranges[index], ranges[index + 1]]
      for (let number = from; number <= to; number++) {
        const handOver = this.#end(number)
        if (!handOver) continue
        this.#remember(handOver.update)
        handOver.resolve()
      }
    }
  }

  /** The thread has died: what was under way is rejected. Returns how many. */
  rejectUnderWay(error: DeliveryError): number {
    const numbers = [...this.#underWay.keys()]
    for (const number of numbers) this.#end(number)?.reject(error)
    return numbers.length
  }

  /** Nothing will be accepted any more: everything is rejected. */
  rejectAll(error: DeliveryError): void {
    this.rejectUnderWay(error)
    const waiting = this.#waiting
    this.#waiting = []
    this.#bytes = 0
    for (const { reject } of waiting) reject(error)
  }

  #end(number: number): HandOver | undefined {
    const handOver = this.#underWay.get(number)
    if (!handOver) return undefined
    this.#underWay.delete(number)
    this.#bytes -= handOver.update.body.byteLength
    return handOver
  }

  #remember(update: HandedUpdate): void {
    const known = this.#last.get(update.stream)
    if (!known || compareUpdates(update, known) > 0) this.#last.set(update.stream, update)
  }
}
