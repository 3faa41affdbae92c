import type { EpochMs } from '../../lib/units.js'

/** Things in the order of their instants, bounded in number: what is too many or too old falls out in front. */
export class Recent<T> implements Iterable<T> {
  readonly #most: number
  readonly #instant: (item: T) => EpochMs
  #items: T[] = []
  #first = 0
  #forgottenTo: EpochMs | null = null

  constructor(most: number, instant: (item: T) => EpochMs) {
    this.#most = most
    this.#instant = instant
  }

  get length(): number {
    return this.#items.length - this.#first
  }

  /** Instant of the newest one that fell out because there were too many; null while none did. */
  get forgottenTo(): EpochMs | null {
    return this.#forgottenTo
  }

  at(index: number): T | undefined {
    return index < 0 ? undefined : this.#items[this.#first + index]
  }

  /** Puts it where its instant belongs: at the end, or a little before. */
  add(item: T): void {
    const items = this.#items
    const at = this.#instant(item)
    let place = items.length
    while (place > this.#first && this.#instant(items[place - 1] as T) > at) place -= 1
    if (place === items.length) items.push(item)
    else items.splice(place, 0, item)
    if (this.length <= this.#most) return
    this.#forgottenTo = this.#instant(items[this.#first] as T)
    this.#drop(1)
  }

  forgetBefore(instant: EpochMs): void {
    this.#drop(this.indexFrom(instant))
  }

  /** Index of the first one at or after an instant; `length` when there is none. */
  indexFrom(instant: EpochMs): number {
    let [low, high] = [0, this.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#instant(this.#items[this.#first + middle] as T) < instant) low = middle + 1
      else high = middle
    }
    return low
  }

  *[Symbol.iterator](): Iterator<T> {
    for (let index = this.#first; index < this.#items.length; index += 1) yield this.#items[index] as T
  }

  #drop(count: number): void {
    this.#first += count
    // moving the rest now and then keeps dropping cheap
    if (this.#first > 1000 && this.#first * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#first)
      this.#first = 0
    }
  }
}
