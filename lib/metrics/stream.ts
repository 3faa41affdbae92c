import { Histogram } from '../stats/histogram.js'
import type { EpochMs, Ms } from '../units.js'
import type { ClockOffset } from '../update/exchange.js'
import type { Update } from '../update/update.js'
import { FirstPlaced, FirstSeen, ForeignOrder } from './matching.js'
import { type Place, TruthRing } from './truth.js'

/** Instants kept for `gaps.last` and the replay file. */
const LAST = 4096

/** What a stream needs to know of a lane that belongs to it. */
export interface StreamLane {
  readonly key: string
  /** Push or log reading: sees every update, and so may fill what another lane jumped over. */
  readonly complete: boolean
  /** The newest update that it received. */
  readonly newest: Place | null
  /** What its ledger has accounted for. */
  readonly held: Place | null
  /** A gap between two neighbouring updates of the stream. */
  onGap(previousAt: EpochMs, gapMs: Ms): void
  /** Something was learned: deliveries that waited for it may be settled. */
  drain(now: EpochMs): void
}

/** One stream of one origin: what was generated in it, and which lanes deliver it. */
export class Stream {
  readonly name: string
  /** Node id; null while only deliveries are known. */
  origin: string | null
  readonly epochs = new Set<string>()
  readonly lanes = new Set<StreamLane>()
  readonly truth: TruthRing
  readonly firstPlaced = new FirstPlaced()
  readonly gaps = new Histogram()
  readonly scheduleLag = new Histogram()
  /** Replay speed; 1 when not replayed. */
  speed = 1
  /** Nobody knows when its updates were generated: their instants are those of the first delivery. */
  untimed = false
  /** The clock that stamps its updates against ours, as a feed on another host tells it; null while none does. */
  clock: ClockOffset | null = null
  #generated = 0
  #last: EpochMs[] = []
  #lastGaps: Ms[] = []

  constructor(name: string, origin: string | null) {
    this.name = name
    this.origin = origin
    this.truth = new TruthRing(() => this.#slowest())
  }

  /** Updates generated since the start or the reset, as far as known. */
  get generated(): number {
    return this.#generated
  }

  /** The last instants of generation, ascending per epoch. */
  get times(): readonly EpochMs[] {
    return this.#last.slice(-LAST)
  }

  /** The last gaps, in order. */
  get lastGaps(): readonly Ms[] {
    return this.#lastGaps.slice(-LAST)
  }

  /** Figures since now; what is known of the updates stays. */
  reset(): void {
    this.gaps.clear()
    this.scheduleLag.clear()
    this.#generated = 0
    this.#last = []
    this.#lastGaps = []
  }

  /** The origin's own word. */
  update(update: Update, now: EpochMs): void {
    if (update.speed !== null && update.speed > 0) this.speed = update.speed
    if (update.dueAt !== null) this.scheduleLag.record(update.generatedAt - update.dueAt)
    this.learn(update, update.generatedAt, now)
  }

  /** An update was generated at `at`, says its origin or a delivery of it. */
  learn(place: Place, at: EpochMs, now: EpochMs): void {
    const before = this.truth.newest
    this.epochs.add(place.epoch)
    const previousAt = this.truth.learn(place, at)
    const after = this.truth.newest
    if (after !== null && newer(after, before)) {
      this.#generated +=
        before !== null && before.epoch === after.epoch ? after.sequence - before.sequence : 1
      keep(this.#last, at)
    }
    if (previousAt !== null) {
      const gap = at - previousAt
      this.gaps.record(gap)
      keep(this.#lastGaps, gap)
      for (const lane of this.lanes) lane.onGap(previousAt, gap)
    }
    for (const lane of this.lanes) lane.drain(now)
  }

  /** Whether somebody may still tell when the updates up to `place` were generated. */
  mayFill(place: Place, asking: StreamLane): boolean {
    if (this.origin !== null) return true
    for (const lane of this.lanes)
      if (lane !== asking && lane.complete && (lane.newest === null || newer(place, lane.newest))) return true
    return false
  }

  #slowest(): Place | null {
    let slowest = this.truth.newest
    for (const { held } of this.lanes) {
      if (held === null) return null
      if (newer(slowest, held)) slowest = held
    }
    return slowest
  }
}

/** All streams of one name: usually one; several when two origins use the name on different servers. */
export class StreamGroup {
  readonly name: string
  readonly streams: Stream[] = []
  readonly firstSeen = new FirstSeen()
  readonly foreignOrder = new ForeignOrder()
  #foreign: Stream | null = null

  constructor(name: string) {
    this.name = name
  }

  /** The stream that an origin's update belongs to. */
  ofOrigin(update: Update): Stream {
    const own = this.streams.find(stream => stream.origin === update.origin)
    if (own !== undefined) return own
    const seen = this.streams.find(stream => stream.origin === null && stream.epochs.has(update.epoch))
    if (seen !== undefined) {
      seen.origin = update.origin
      return seen
    }
    return this.#add(new Stream(this.name, update.origin))
  }

  /** The stream that an epoch belongs to; an unknown epoch to the only stream, else to one of its own. */
  ofEpoch(epoch: string): Stream {
    const known = this.streams.find(stream => stream.epochs.has(epoch))
    if (known !== undefined) return known
    return this.only ?? this.#add(new Stream(this.name, null))
  }

  /** The updates that carry no numbers of ours. */
  get foreign(): Stream {
    this.#foreign ??= this.#add(new Stream(this.name, null))
    return this.#foreign
  }

  /** The stream of the only origin, if there is just one. */
  get only(): Stream | null {
    const own = this.streams.filter(stream => stream !== this.#foreign)
    return own.length === 1 ? (own[0] ?? null) : null
  }

  #add(stream: Stream): Stream {
    this.streams.push(stream)
    return stream
  }
}

function newer(a: Place | null, b: Place | null): boolean {
  if (a === null || b === null) return a !== null
  return a.epoch === b.epoch ? a.sequence > b.sequence : a.epoch > b.epoch
}

/** Appends; trimmed a block at a time, so that it costs no copy each. */
function keep(list: number[], value: number): void {
  list.push(value)
  if (list.length > 2 * LAST) list.splice(0, list.length - LAST)
}
