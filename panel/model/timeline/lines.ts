import type { Recent } from '../recent.js'
import type { TrackDelivery } from '../tracks.js'
import type { TimeScale } from './scale.js'
import { cellOf, xOf } from './scale.js'

export type LineKind = 'normal' | 'catch-up'

/** A delivery, or several that would be one line: from the instant of generation at the top of a band to that of arrival at its bottom. */
export interface DeliveryLine {
  readonly kind: LineKind
  readonly from: number
  readonly to: number
}

/** Deliveries so close that their lines would merge: the area that they fill. */
export interface DeliveryArea {
  readonly kind: LineKind
  readonly fromLeft: number
  readonly fromRight: number
  readonly toLeft: number
  readonly toRight: number
}

export interface DeliveryShapes {
  readonly lines: readonly DeliveryLine[]
  readonly areas: readonly DeliveryArea[]
  /** Arrivals of what has a line, of what has no instant of generation, and of what had been delivered already. */
  readonly arrivals: readonly number[]
  readonly unknown: readonly number[]
  readonly duplicates: readonly number[]
}

/** Lines nearer than this at both ends run into each other. */
const MERGE = 2
/** At most one dot or ring in so many px. */
const DOT = 3

/** One after another so close that there is no seeing between them. */
class Bundle {
  readonly kind: LineKind
  fromLeft: number
  fromRight: number
  toLeft: number
  toRight: number
  #lastFrom: number
  #lastTo: number

  constructor(kind: LineKind, from: number, to: number) {
    this.kind = kind
    this.fromLeft = from
    this.fromRight = from
    this.toLeft = to
    this.toRight = to
    this.#lastFrom = from
    this.#lastTo = to
  }

  takes(kind: LineKind, from: number, to: number): boolean {
    if (kind !== this.kind || Math.abs(from - this.#lastFrom) > MERGE || Math.abs(to - this.#lastTo) > MERGE)
      return false
    this.fromLeft = Math.min(this.fromLeft, from)
    this.fromRight = Math.max(this.fromRight, from)
    this.toLeft = Math.min(this.toLeft, to)
    this.toRight = Math.max(this.toRight, to)
    this.#lastFrom = from
    this.#lastTo = to
    return true
  }

  get isArea(): boolean {
    return this.fromRight - this.fromLeft > MERGE || this.toRight - this.toLeft > MERGE
  }
}

/**
 * What a lane's deliveries look like. However many there are, the shapes are bounded by the pixels: neighbours
 * become one line or one area, and a line that stands already is not drawn twice.
 * @param deliveries - by instant of arrival
 */
export function deliveryShapes(deliveries: Recent<TrackDelivery>, scale: TimeScale): DeliveryShapes {
  const lines: DeliveryLine[] = []
  const areas: DeliveryArea[] = []
  const arrivals = new Cells(scale)
  const unknown = new Cells(scale)
  const duplicates = new Cells(scale)
  const drawn = new Set<number>()
  let bundle: Bundle | null = null
  const finish = () => {
    if (bundle === null) return
    if (bundle.isArea) areas.push(bundle)
    else lines.push({ kind: bundle.kind, from: bundle.fromLeft, to: bundle.toLeft })
    bundle = null
  }
  for (let index = deliveries.indexFrom(scale.from); index < deliveries.length; index += 1) {
    const delivery = deliveries.at(index)
    if (delivery === undefined || (delivery.generated ?? 0) > scale.end) continue
    const { generated, received, catchUp, duplicate } = delivery
    if (duplicate) duplicates.add(received)
    else if (generated === null) unknown.add(received)
    else {
      arrivals.add(received)
      const kind: LineKind = catchUp ? 'catch-up' : 'normal'
      const [from, to] = [xOf(scale, generated), xOf(scale, received)]
      if ((bundle as Bundle | null)?.takes(kind, from, to)) continue
      // slope and place in whole px name a line
      const name = cellOf(scale, received, 1) * 16_384 + Math.min(16_383, Math.round(Math.abs(to - from)))
      if (drawn.has(name)) continue
      drawn.add(name)
      finish()
      bundle = new Bundle(kind, from, to)
    }
  }
  finish()
  return { lines, areas, arrivals: arrivals.places, unknown: unknown.places, duplicates: duplicates.places }
}

/** At most one place in each cell of the axis: the first. */
class Cells {
  readonly places: number[] = []
  readonly #scale: TimeScale
  #last: number | null = null

  constructor(scale: TimeScale) {
    this.#scale = scale
  }

  /** @param instant - not before the one added last */
  add(instant: number): void {
    const cell = cellOf(this.#scale, instant, DOT)
    if (cell === this.#last) return
    this.#last = cell
    this.places.push(xOf(this.#scale, instant))
  }
}
