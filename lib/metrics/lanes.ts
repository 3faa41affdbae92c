import type { EpochMs, Ms } from '../units.js'
import type { Model, Read } from '../update/delivery.js'
import { Lane } from './lane.js'

/** What makes a lane: source, model and stream. */
export interface LaneIdentity {
  readonly source: string
  readonly sourceName: string
  readonly model: Model
  readonly stream: string
}

/** Lanes of one metrics node; more are counted and flagged. */
export const MOST_LANES = 100
/** Of more lanes than this it is only known that there are so many. */
const MOST_COUNTED = 1000

const keyOf = (source: string, model: Model, stream: string): string =>
  JSON.stringify([source, model, stream])

/** The lanes of one metrics node, at most 100, each with a name of its own. */
export class Lanes {
  readonly #push = new Map<string, Map<string, Lane>>()
  readonly #pull = new Map<string, Map<string, Lane>>()
  readonly #all = new Set<Lane>()
  readonly #names = new Set<string>()
  readonly #dropped = new Set<string>()

  /** Lanes refused because there were too many. */
  get dropped(): number {
    return this.#dropped.size
  }

  [Symbol.iterator](): IterableIterator<Lane> {
    return this.#all.values()
  }

  find({ source, model, stream }: LaneIdentity): Lane | undefined {
    return this.#of(model).get(source)?.get(stream)
  }

  /** All lanes of one source: several when its topic filter is a wildcard. */
  ofSource({ source, model }: Pick<LaneIdentity, 'source' | 'model'>): ReadonlyMap<string, Lane> | undefined {
    return this.#of(model).get(source)
  }

  /** A new lane; null when there are too many. */
  add(identity: LaneIdentity, read: Read, windowStart: EpochMs, targetMs: Ms): Lane | null {
    const { source, model, stream } = identity
    const key = keyOf(source, model, stream)
    if (this.#all.size >= MOST_LANES) {
      this.drop(identity)
      return null
    }
    const name = this.#nameFor(identity.sourceName)
    const lane = new Lane({ key, source, model, stream, name, read }, windowStart, targetMs)
    lane.wantedName = identity.sourceName
    const ofModel = this.#of(model)
    const siblings = ofModel.get(source) ?? new Map<string, Lane>()
    ofModel.set(source, siblings.set(stream, lane))
    this.#all.add(lane)
    for (const sibling of siblings.values()) sibling.shared = siblings.size
    return lane
  }

  /** Counts a lane that is not measured. */
  drop({ source, model, stream }: LaneIdentity): void {
    if (this.#dropped.size < MOST_COUNTED) this.#dropped.add(keyOf(source, model, stream))
  }

  remove(lane: Lane): void {
    const siblings = this.#of(lane.model).get(lane.source)
    siblings?.delete(lane.stream)
    if (siblings?.size === 0) this.#of(lane.model).delete(lane.source)
    for (const sibling of siblings?.values() ?? []) sibling.shared = siblings?.size ?? 1
    this.#all.delete(lane)
    this.#names.delete(lane.name)
  }

  /** The source has another name now. */
  rename(lane: Lane, wanted: string): void {
    this.#names.delete(lane.name)
    lane.name = this.#nameFor(wanted)
    lane.wantedName = wanted
  }

  forgetDropped(): void {
    this.#dropped.clear()
  }

  #of(model: Model): Map<string, Map<string, Lane>> {
    return model === 'push' ? this.#push : this.#pull
  }

  /** Equal names get a suffix. */
  #nameFor(wanted: string): string {
    let name = wanted
    for (let suffix = 2; this.#names.has(name); suffix += 1) name = `${wanted} (${suffix})`
    this.#names.add(name)
    return name
  }
}
