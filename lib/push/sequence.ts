import type { EpochMs } from '../units.js'

/** What the number of an update says about its arrival. */
export interface Arrival {
  /** It was here before. */
  readonly duplicate: boolean
  /** A newer one of its epoch was here before. */
  readonly outOfOrder: boolean
  /** Updates that its number proves missing, from the number after the last one held; 0 = none. */
  readonly missed: number
  /** It was counted as missed, and is taken back. */
  readonly filled: boolean
}

/** Numbers not held, both ends included. */
interface Hole {
  readonly from: number
  readonly to: number
  /** False: from before this subscription, so nobody missed them. */
  readonly missed: boolean
}

interface Track {
  highest: number
  /** Ascending. */
  holes: Hole[]
}

/** Epochs followed per stream: an origin and its predecessors whose last updates are still under way. */
const EPOCHS = 4
/** Streams followed; the one that was silent longest is forgotten. */
const STREAMS = 1000
/** Holes kept per epoch; the oldest is forgotten, and what fills it later then counts as a duplicate. */
const HOLES = 1000

/** An epoch begins with its start in µs since 1970, 11 base-36 digits (CONTRACT 1). */
const startOf = (epoch: string): EpochMs => Number.parseInt(epoch.slice(0, 11), 36) / 1000

/**
 * Follows (epoch, sequence) of each stream: gaps, duplicates, order. Memory is bounded whatever arrives.
 * An older epoch that ends is no loss: only numbers prove one.
 */
export class SequenceTracker {
  readonly #streams = new Map<string, Map<string, Track>>()
  #touched = new WeakSet<Track>()

  /** A subscription begins that did not go on from the last one: what was missed in between counts nowhere. */
  restart(): void {
    this.#touched = new WeakSet()
  }

  /**
   * Records one arrival.
   * @param since - start of this subscription: an epoch that started later was subscribed to from its first update on
   */
  record(stream: string, epoch: string, sequence: number, since: EpochMs): Arrival {
    const epochs = this.#epochs(stream)
    const track = epochs.get(epoch)
    if (!track) return this.#begin(epochs, epoch, sequence, since)
    const continued = this.#touched.has(track)
    this.#touched.add(track)
    if (sequence > track.highest) {
      const skipped = sequence - track.highest - 1
      if (skipped > 0) dig(track, { from: track.highest + 1, to: sequence - 1, missed: continued })
      track.highest = sequence
      return { duplicate: false, outOfOrder: false, missed: continued ? skipped : 0, filled: false }
    }
    const hole = fill(track, sequence)
    return { duplicate: !hole, outOfOrder: hole !== null, missed: 0, filled: hole?.missed ?? false }
  }

  #epochs(stream: string): Map<string, Track> {
    const epochs = this.#streams.get(stream) ?? new Map<string, Track>()
    // to the end: the first one is the one silent longest
    this.#streams.delete(stream)
    this.#streams.set(stream, epochs)
    forgetFirst(this.#streams, STREAMS)
    return epochs
  }

  #begin(epochs: Map<string, Track>, epoch: string, sequence: number, since: EpochMs): Arrival {
    const missed = startOf(epoch) > since
    const track: Track = { highest: sequence, holes: [] }
    if (sequence > 1) dig(track, { from: 1, to: sequence - 1, missed })
    epochs.set(epoch, track)
    this.#touched.add(track)
    forgetFirst(epochs, EPOCHS)
    return { duplicate: false, outOfOrder: false, missed: missed ? sequence - 1 : 0, filled: false }
  }
}

function forgetFirst(map: Map<string, unknown>, most: number): void {
  if (map.size <= most) return
  const first = map.keys().next()
  if (!first.done) map.delete(first.value)
}

function dig(track: Track, hole: Hole): void {
  track.holes.push(hole)
  if (track.holes.length > HOLES) track.holes.shift()
}

/** Takes `sequence` out of its hole; null when there is none. */
function fill(track: Track, sequence: number): Hole | null {
  const index = track.holes.findLastIndex(({ from, to }) => from <= sequence && sequence <= to)
  const hole = track.holes[index]
  if (!hole) return null
  const rest: Hole[] = []
  if (hole.from < sequence) rest.push({ ...hole, to: sequence - 1 })
  if (hole.to > sequence) rest.push({ ...hole, from: sequence + 1 })
  track.holes.splice(index, 1, ...rest)
  if (track.holes.length > HOLES) track.holes.shift()
  return hole
}
