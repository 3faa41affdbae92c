import { DeliveryError } from '../errors.js'
import { streamOfPath, streamPath } from '../update/stream-name.js'
import type { HandedUpdate } from '../update/update.js'
import type { FeedCounts } from './feed-counts.js'
import { type LogBounds, UpdateLog } from './update-log.js'

/** One stream of a feed. */
export interface FeedStream {
  readonly name: string
  readonly log: UpdateLog
}

/** The streams of a feed, by name and by path. */
export class FeedStreams {
  readonly #bounds: LogBounds
  readonly #most: number
  readonly #counts: FeedCounts
  readonly #byName = new Map<string, FeedStream>()
  /** By the target of its latest value as we would write it: the usual request, at the cost of one look-up. */
  readonly #byLatest = new Map<string, FeedStream>()
  /** By the path as we would write it: the way in that costs no decoding. */
  readonly #byPath = new Map<string, FeedStream>()
  #names: string | null = null

  constructor(bounds: LogBounds, most: number, counts: FeedCounts) {
    this.#bounds = bounds
    this.#most = most
    this.#counts = counts
  }

  /** @throws DeliveryError `STREAM_LIMIT` */
  declare(name: string): FeedStream {
    const known = this.#byName.get(name)
    if (known) return known
    if (this.#byName.size >= this.#most) {
      this.#counts.bit('streams')
      throw new DeliveryError(
        'STREAM_LIMIT',
        `Expected at most ${this.#most} streams on one feed, found one more: ${name}`
      )
    }
    const stream = { name, log: new UpdateLog(this.#bounds) }
    this.#byName.set(name, stream)
    this.#byPath.set(streamPath(name), stream)
    this.#byLatest.set(`/latest/${streamPath(name)}`, stream)
    this.#names = null
    return stream
  }

  /** The stream whose latest value a target asks for, when it is written as we would. */
  atLatest(target: string): FeedStream | undefined {
    return this.#byLatest.get(target)
  }

  /** The stream that a path stands for, as it came in a request (percent-encoded levels). */
  atPath(path: string): FeedStream | undefined {
    const direct = this.#byPath.get(path)
    if (direct) return direct
    const name = streamOfPath(path)
    return name === null ? undefined : this.#byName.get(name)
  }

  /** Appends to the log of its stream; null when it had the update already. */
  append(update: HandedUpdate): FeedStream | null {
    const stream = this.declare(update.stream)
    const pushedOut = stream.log.append(update)
    if (!pushedOut) return null
    this.#counts.updates++
    this.#counts.expired += pushedOut.byNumber + pushedOut.byBytes
    this.#counts.bit('historyBytes', pushedOut.byBytes)
    return stream
  }

  /** All names as a JSON array. */
  get names(): string {
    this.#names ??= JSON.stringify([...this.#byName.keys()])
    return this.#names
  }
}
