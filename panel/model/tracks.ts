import type { EventPage } from '../../lib/metrics/event-page.js'
import type { EpochMs, Ms } from '../../lib/units.js'
import type { Model } from '../../lib/update/delivery.js'
import type { Outcome } from '../../lib/update/exchange.js'
import { laneKey } from './lane-key.js'
import { Recent } from './recent.js'

/** An update as somebody knows of it: its origin, or a lane that delivered it. */
export interface GeneratedUpdate {
  readonly stream: string
  /** Epoch of our envelope, `''` for foreign updates. */
  readonly epoch: string
  /** Null for foreign updates. */
  readonly sequence: number | null
  readonly id: string | null
  readonly generated: EpochMs
}

export interface TrackDelivery {
  readonly epoch: string | null
  readonly sequence: number | null
  /** Id of a foreign update; ours have epoch and sequence. */
  readonly id: string | null
  /** Null: nobody knows. */
  readonly generated: EpochMs | null
  readonly received: EpochMs
  readonly catchUp: boolean
  readonly duplicate: boolean
}

export interface TrackExchange {
  readonly outcome: Outcome
  readonly started: EpochMs
  readonly ended: EpochMs
  /** Updates that it brought. */
  readonly updates: number
  readonly code: number | string | null
}

export interface TrackFault {
  readonly fault: string
  readonly target: string | null
  readonly from: EpochMs
  /** Null while it lasts. */
  readonly until: EpochMs | null
}

/** A time of which records are missing: the panel asked too late, or was opened after it. */
export interface Gap {
  readonly from: EpochMs
  readonly until: EpochMs
}

/** What a lane did lately. */
export interface Track {
  readonly key: string
  readonly source: string
  readonly model: Model
  readonly stream: string
  /** By instant of arrival. */
  readonly deliveries: Recent<TrackDelivery>
  /** Polls and connection events by their end; of a wildcard they are on the track named by its filter. */
  readonly exchanges: Recent<TrackExchange>
}

/** At 200 updates a second the last 60 s of a lane. */
const MOST = 12_000
/** Tracks kept; a metrics node has at most 100 lanes, and some tracks are named by a topic filter. */
const MOST_TRACKS = 200

/** The recent past of all lanes and streams, collected from pages of events. */
export class Tracks {
  readonly #tracks = new Map<string, Track>()
  readonly #streams = new Map<string, Recent<GeneratedUpdate>>()
  readonly #known = new Map<string, Set<string>>()
  #faults: TrackFault[] = []
  #gaps: Gap[] = []
  /** Nothing before it can be missing any more. */
  #heard: EpochMs = Number.NEGATIVE_INFINITY
  /** Instant of the newest page, by the server's clock; null before the first. */
  upTo: EpochMs | null = null

  /** Adds a page, and forgets what is before `oldest`. */
  add(page: EventPage, oldest: EpochMs): void {
    const at = (instant: number): EpochMs => page.base + instant
    if (page.missed > 0) this.#gaps.push({ from: this.#heard, until: at(beginOf(page)) })
    for (const [run, sequence, generated] of page.updates) {
      const [stream = '', , epoch = ''] = page.runs[run] ?? []
      this.#generated({ stream, epoch, sequence, id: null, generated: at(generated) })
    }
    for (const [lane, epochIndex, name, generated, received, bits] of page.deliveries) {
      const track = this.#track(page, lane)
      if (track === null) continue
      const delivery: TrackDelivery = {
        epoch: epochIndex === null ? null : (page.epochs[epochIndex] ?? null),
        sequence: typeof name === 'number' ? name : null,
        id: typeof name === 'string' ? name : null,
        generated: generated === null ? null : at(generated),
        received: at(received),
        catchUp: (bits & 1) > 0,
        duplicate: (bits & 2) > 0
      }
      track.deliveries.add(delivery)
      if (delivery.generated !== null && delivery.generated >= oldest)
        this.#generated({
          stream: track.stream,
          epoch: delivery.epoch ?? '',
          sequence: delivery.sequence,
          id: delivery.id,
          generated: delivery.generated
        })
    }
    for (const [lane, outcome, started, ended, updates, code] of page.exchanges)
      this.#track(page, lane)?.exchanges.add({
        outcome,
        started: at(started),
        ended: at(ended),
        updates,
        code
      })
    for (const [fault, target, from, until] of page.faults)
      this.#fault({ fault, target, from: at(from), until: until === null ? null : at(until) })
    this.upTo = page.now
    this.#heard = page.more > 0 ? at(endOf(page)) : page.now
    this.#forgetBefore(oldest)
  }

  /** Forgets everything: another metrics node, or a restart. */
  clear(): void {
    this.#tracks.clear()
    this.#streams.clear()
    this.#known.clear()
    this.#faults = []
    this.#gaps = []
    this.#heard = Number.NEGATIVE_INFINITY
    this.upTo = null
  }

  track(key: string): Track | undefined {
    return this.#tracks.get(key)
  }

  get all(): Iterable<Track> {
    return this.#tracks.values()
  }

  /** Polls of a lane; a source with a topic filter has one track of them for all its streams. */
  exchangesOf(key: string): Iterable<TrackExchange> {
    const own = this.#tracks.get(key)
    if (own === undefined || own.exchanges.length > 0) return own?.exchanges ?? []
    for (const track of this.#tracks.values())
      if (track.source === own.source && track.model === own.model && track.exchanges.length > 0)
        return track.exchanges
    return []
  }

  /** Updates of a stream by instant of generation, each once. */
  updatesOf(stream: string): Recent<GeneratedUpdate> {
    return this.#streams.get(stream) ?? new Recent<GeneratedUpdate>(1, ({ generated }) => generated)
  }

  get streams(): Iterable<string> {
    return this.#streams.keys()
  }

  get faults(): readonly TrackFault[] {
    return this.#faults
  }

  /** Times of which records are missing, in order; what was before the panel looked begins at minus infinity. */
  get gaps(): readonly Gap[] {
    return this.#gaps
  }

  #track(page: EventPage, lane: number): Track | null {
    const row = page.lanes[lane]
    if (row === undefined) return null
    const [source, model, stream] = row
    const key = laneKey({ source, model, stream })
    const known = this.#tracks.get(key)
    if (known !== undefined) return known
    if (this.#tracks.size >= MOST_TRACKS) return null
    const track: Track = {
      key,
      source,
      model,
      stream,
      deliveries: new Recent(MOST, ({ received }) => received),
      exchanges: new Recent(MOST, ({ ended }) => ended)
    }
    this.#tracks.set(key, track)
    return track
  }

  #generated(update: GeneratedUpdate): void {
    let updates = this.#streams.get(update.stream)
    if (updates === undefined) {
      updates = new Recent(MOST, ({ generated }) => generated)
      this.#streams.set(update.stream, updates)
      this.#known.set(update.stream, new Set())
    }
    const known = this.#known.get(update.stream)
    const name = nameOf(update)
    if (known === undefined || known.has(name)) return
    known.add(name)
    updates.add(update)
    // the set is only against repeats of what is still there
    if (known.size > 2 * MOST) {
      known.clear()
      for (const kept of updates) known.add(nameOf(kept))
    }
  }

  #fault(fault: TrackFault): void {
    this.#faults = [
      ...this.#faults.filter(({ target, from }) => target !== fault.target || from !== fault.from),
      fault
    ].slice(-20)
  }

  #forgetBefore(oldest: EpochMs): void {
    for (const track of this.#tracks.values()) {
      track.deliveries.forgetBefore(oldest)
      track.exchanges.forgetBefore(oldest)
    }
    for (const updates of this.#streams.values()) updates.forgetBefore(oldest)
    this.#gaps = this.#gaps.filter(({ until }) => until >= oldest)
  }
}

/** When the oldest record of a page came, ms after its base. */
function beginOf({ now, base, updates, deliveries, exchanges }: EventPage): Ms {
  return Math.min(
    now - base,
    updates[0]?.[2] ?? Number.POSITIVE_INFINITY,
    deliveries[0]?.[4] ?? Number.POSITIVE_INFINITY,
    exchanges[0]?.[3] ?? Number.POSITIVE_INFINITY
  )
}

/** When the newest record of a page came, ms after its base. */
function endOf({ now, base, updates, deliveries, exchanges }: EventPage): Ms {
  const newest = Math.max(
    updates.at(-1)?.[2] ?? Number.NEGATIVE_INFINITY,
    deliveries.at(-1)?.[4] ?? Number.NEGATIVE_INFINITY,
    exchanges.at(-1)?.[3] ?? Number.NEGATIVE_INFINITY
  )
  return Math.min(now - base, newest)
}

const nameOf = ({ epoch, sequence, id, generated }: GeneratedUpdate): string =>
  sequence === null ? `${id ?? ''} ${generated}` : `${epoch} ${sequence}`
