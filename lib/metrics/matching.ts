import type { EpochMs, Ms } from '../units.js'
import type { Delivery } from '../update/delivery.js'
import { compareUpdates } from '../update/identity.js'
import type { Place } from './truth.js'

/** What told that two lanes hold the same update. */
export type MatchedBy = 'sequence' | 'id' | 'time' | 'value'

/** The epoch of updates that are numbered here, in the order in which the reference lane got them. */
export const FOREIGN_EPOCH = ''

const REMEMBERED = 10_000
const RECENT_VALUES = 1000

/** A map that forgets its oldest entry when it is full. */
class BoundedMap<V> {
  readonly #entries = new Map<string, V>()
  /** Keys in order of entry, in a ring: walking the map to its oldest entry would skip all deleted ones. */
  readonly #keys: string[] = []
  #oldest = 0

  get(key: string): V | undefined {
    return this.#entries.get(key)
  }

  set(key: string, value: V): void {
    const before = this.#entries.size
    this.#entries.set(key, value)
    if (this.#entries.size === before) return
    const dropped = this.#keys[this.#oldest]
    if (dropped !== undefined && before === REMEMBERED) this.#entries.delete(dropped)
    this.#keys[this.#oldest] = key
    this.#oldest = (this.#oldest + 1) % REMEMBERED
  }
}

/** When updates without numbers were first received by any lane, for some 10 000 of them. */
export class FirstSeen {
  readonly #firstAt = new BoundedMap<EpochMs>()

  /** How long after the first lane this one got it; 0 for the first. */
  behindMs(key: string, receivedAt: EpochMs): Ms {
    const first = this.#firstAt.get(key)
    if (first !== undefined && first <= receivedAt) return receivedAt - first
    this.#firstAt.set(key, receivedAt)
    return 0
  }
}

/** A power of two: the remainder is a mask. */
const PLACES = 4096

/** When numbered updates were first received by any lane, for the last 4096 of the newest epoch. */
export class FirstPlaced {
  #epoch: string | null = null
  #sequences = new Float64Array(0)
  #firstAt = new Float64Array(0)

  /** How long after the first lane this one got it; 0 for the first, null when that is forgotten. */
  behindMs({ epoch, sequence }: Place, receivedAt: EpochMs): Ms | null {
    if (this.#epoch !== null && epoch < this.#epoch) return null
    if (epoch !== this.#epoch) {
      this.#epoch = epoch
      this.#sequences = new Float64Array(PLACES)
      this.#firstAt = new Float64Array(PLACES)
    }
    const slot = sequence % PLACES
    const known = this.#sequences[slot] ?? 0
    const first = this.#firstAt[slot] ?? 0
    if (known > sequence) return null
    if (known === sequence && first <= receivedAt) return receivedAt - first
    this.#sequences[slot] = sequence
    this.#firstAt[slot] = receivedAt
    return 0
  }
}

type Foreign = Pick<Delivery, 'id' | 'generatedAt' | 'value' | 'receivedAt'>

/**
 * Places updates that carry no number of ours: in the order in which the reference lane got them, or where that
 * lane has them when its own carry our numbers. What another lane delivers is found among them by 1 equal id,
 * 2 equal time, 3 equal value (then the newest one that the reference lane had before). A state does not go back: an
 * equal value that is older than what the lane holds is another one, which the reference lane has not yet had.
 */
export class ForeignOrder {
  readonly #byKey = new BoundedMap<Place>()
  readonly #recent: { value: string; place: Place; receivedAt: EpochMs }[] = []
  /** A delivery without a number came: numbered ones are worth remembering. */
  #asked = false
  /** The newest numbered delivery while nobody asked: a state that is polled is mostly this one. */
  #newest: { readonly lane: string; readonly place: Place; readonly delivery: Foreign } | null = null
  #reference: string | null = null
  #last = 0
  /** Of the reference lane. */
  #newestPlace: Place | null = null
  /** The newest place that each lane was found at. */
  readonly #held = new Map<string, Place>()

  /** Key of the lane whose order counts: the first push or log lane; null while there is none. */
  get reference(): string | null {
    return this.#reference
  }

  /** A lane that sees every update delivered one with a number of ours. */
  remember(lane: string, place: Place, delivery: Foreign): void {
    if (!this.#asked) {
      if (this.#newest === null || this.#newest.lane === lane) this.#newest = { lane, place, delivery }
      return
    }
    this.#reference ??= lane
    if (lane === this.#reference) this.#enter(place, delivery)
  }

  /**
   * @param lane - key of the lane
   * @param complete - whether it sees every update (push or log), and so may be the reference
   * @returns null when it cannot be found; `ahead` when it came before the reference lane had it
   */
  place(
    lane: string,
    complete: boolean,
    delivery: Foreign
  ): (Place & { matchedBy: MatchedBy | null }) | 'ahead' | null {
    this.#ask()
    if (this.#reference === null && complete) this.#reference = lane
    if (lane === this.#reference) return this.#number(delivery)
    const found = this.#find(delivery)
    if (found === null) return null
    const held = this.#held.get(lane)
    const back = held !== undefined && compareUpdates(found, held) < 0
    // what it holds now is newer than all that the reference lane had so far
    const ahead = back && found.matchedBy === 'value'
    const holds = ahead ? this.#newestPlace : back ? held : found
    if (holds !== null) this.#held.set(lane, holds)
    return ahead ? 'ahead' : found
  }

  #ask(): void {
    this.#asked = true
    if (this.#newest === null) return
    this.#reference ??= this.#newest.lane
    this.#enter(this.#newest.place, this.#newest.delivery)
    this.#newest = null
  }

  #number(delivery: Foreign): Place & { matchedBy: MatchedBy | null } {
    const { key, matchedBy } = keyOf(delivery)
    const known = key === null || matchedBy === 'value' ? undefined : this.#byKey.get(key)
    if (known !== undefined) return { ...known, matchedBy }
    this.#last += 1
    const place = { epoch: FOREIGN_EPOCH, sequence: this.#last }
    this.#enter(place, delivery)
    return { ...place, matchedBy }
  }

  #enter(place: Place, { id, generatedAt, value, receivedAt }: Foreign): void {
    this.#newestPlace = place
    if (id !== null) this.#byKey.set(idKey(id), place)
    if (generatedAt !== null) {
      this.#byKey.set(timeKey(generatedAt), place)
      // ours have microseconds; most documents tell whole milliseconds of the same instant
      if (!Number.isInteger(generatedAt)) this.#byKey.set(timeKey(Math.floor(generatedAt)), place)
    }
    const text = valueText(value)
    if (text === null) return
    this.#recent.push({ value: text, place, receivedAt })
    if (this.#recent.length > RECENT_VALUES) this.#recent.splice(0, RECENT_VALUES / 4)
  }

  #find({ id, generatedAt, value, receivedAt }: Foreign): (Place & { matchedBy: MatchedBy }) | null {
    const byId = id === null ? undefined : this.#byKey.get(idKey(id))
    if (byId !== undefined) return { ...byId, matchedBy: 'id' }
    const byTime = generatedAt === null ? undefined : this.#byKey.get(timeKey(generatedAt))
    if (byTime !== undefined) return { ...byTime, matchedBy: 'time' }
    const text = valueText(value)
    if (text === null) return null
    const found = this.#recent.findLast(entry => entry.value === text && entry.receivedAt <= receivedAt)
    return found ? { ...found.place, matchedBy: 'value' } : null
  }
}

/** The key of a delivery without a place, and what it is made of; null when it carries nothing to go by. */
export function keyOf({ id, generatedAt, value }: Omit<Foreign, 'receivedAt'>): {
  key: string | null
  matchedBy: MatchedBy | null
} {
  if (id !== null) return { key: idKey(id), matchedBy: 'id' }
  if (generatedAt !== null) return { key: timeKey(generatedAt), matchedBy: 'time' }
  const text = valueText(value)
  return text === null ? { key: null, matchedBy: null } : { key: `v${text}`, matchedBy: 'value' }
}

const idKey = (id: string): string => `i${id}`
const timeKey = (at: EpochMs): string => `t${at}`

function valueText(value: unknown): string | null {
  if (value === null || value === undefined) return null
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? null)
}
