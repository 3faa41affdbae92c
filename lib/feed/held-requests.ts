import type { Cancel, Clock } from '../clock.js'
import type { Ms } from '../units.js'

/** Why a held request is looked at again: something new came, its time is up, or the server closes. */
export type Wake = 'update' | 'time-up' | 'closing'

/** Answers a held request; false = nothing in it for this one, hold on (honoured for `update` only). */
export type AnswerHeld = (wake: Wake) => boolean

interface Held {
  readonly answer: AnswerHeld
  cancelTimer: Cancel
  over: boolean
}

/** The long polls that wait, by what they wait for. */
export class HeldRequests<Key> {
  readonly #clock: Clock
  readonly #most: number
  readonly #waiting = new Map<Key, Set<Held>>()
  #size = 0

  constructor(clock: Clock, most: number) {
    this.#clock = clock
    this.#most = most
  }

  /** Requests held now. */
  get size(): number {
    return this.#size
  }

  /**
   * Holds one request for at most `ms`.
   * @returns forgets it without an answer (its client went away), or null when no more can be held
   */
  hold(key: Key, ms: Ms, answer: AnswerHeld): Cancel | null {
    if (this.#size >= this.#most) return null
    const held: Held = { answer, cancelTimer: () => undefined, over: false }
    held.cancelTimer = this.#clock.at(this.#clock.now() + ms, () => this.#settle(key, held, 'time-up'))
    this.#size++
    this.#wait(key, held)
    return () => this.#end(key, held)
  }

  /** Looks at everything that waits for `key`: a new update is there. */
  wake(key: Key): void {
    const all = this.#waiting.get(key)
    if (!all) return
    // what holds on, or comes while answers go out, waits for the next update
    this.#waiting.delete(key)
    for (const held of all) this.#settle(key, held, 'update')
  }

  /** Answers everything: the server closes. */
  close(): void {
    const all = [...this.#waiting]
    for (const [key, waiting] of all) for (const held of waiting) this.#settle(key, held, 'closing')
  }

  #settle(key: Key, held: Held, wake: Wake): void {
    if (held.over) return
    if (held.answer(wake) || wake !== 'update') this.#end(key, held)
    else this.#wait(key, held)
  }

  #wait(key: Key, held: Held): void {
    const all = this.#waiting.get(key)
    if (all) all.add(held)
    else this.#waiting.set(key, new Set([held]))
  }

  #end(key: Key, held: Held): void {
    if (held.over) return
    held.over = true
    held.cancelTimer()
    this.#size--
    const all = this.#waiting.get(key)
    if (all?.delete(held) && all.size === 0) this.#waiting.delete(key)
  }
}
