import type { EpochMs } from '../units.js'
import { type Stream, StreamGroup } from './stream.js'

/** Stream names of one metrics node: as many as one origin has at most. */
export const MOST_STREAMS = 1000

/** The streams that one metrics node has heard of. */
export class Streams {
  readonly #groups = new Map<string, StreamGroup>()

  /** All streams of one name, known or new; null when there are too many names. */
  named(name: string): StreamGroup | null {
    const known = this.#groups.get(name)
    if (known !== undefined) return known
    if (this.#groups.size >= MOST_STREAMS) return null
    const group = new StreamGroup(name)
    this.#groups.set(name, group)
    return group
  }

  /** The stream of the only origin of a name; null when there is none or several. */
  only(name: string): Stream | null {
    return this.#groups.get(name)?.only ?? null
  }

  *[Symbol.iterator](): IterableIterator<Stream> {
    for (const group of this.#groups.values()) yield* group.streams
  }

  /** Instants of generation of the stream that most are known of. */
  busiestTimes(): readonly EpochMs[] {
    let most: readonly EpochMs[] = []
    for (const { times } of this) if (times.length > most.length) most = times
    return most
  }
}
