import type { Ms } from '../units.js'

/** Each octave [2^e, 2^(e+1)) is cut into 2^SCALE equal buckets. */
export const SCALE = 6
const SLOTS = 2 ** SCALE
/** 2^-10 ms is 0.98 µs, 2^30 ms is 12.4 days. */
const FIRST_OCTAVE = -10
const OCTAVES = 40
/** The last bucket; they count from 0 at 2^-10. */
export const LAST_SLOT = OCTAVES * SLOTS - 1
/** What the biased exponent and the first 6 bits of the mantissa of 2^FIRST_OCTAVE read as one number. */
export const FIRST_CODE = (1023 + FIRST_OCTAVE) * SLOTS
const LARGEST_UINT16 = 2 ** 16 - 1
const LARGEST_UINT32 = 2 ** 32 - 1
/** Buckets come in blocks of 8 octaves: few enough arrays, and no more memory than the values need. */
const BLOCK = 8 * SLOTS

/** Counts of one block: 16 bits are enough for most, what outgrows them counts on in wider ones. */
type Counts = Uint16Array | Uint32Array | Float64Array

/** The buckets of one sign; a block costs memory once something falls into it. */
export interface Side {
  readonly blocks: (Counts | undefined)[]
  /** Counts per octave, so that quantiles skip whole octaves. */
  readonly totals: Float64Array
}

/** Nothing counted yet. */
export function newSide(): Side {
  return {
    blocks: new Array((OCTAVES * SLOTS) / BLOCK).fill(undefined),
    totals: new Float64Array(OCTAVES)
  }
}

/** Counts `count` more in one bucket. */
export function increase(side: Side, slot: number, count: number): void {
  const block = Math.floor(slot / BLOCK)
  const at = slot % BLOCK
  let counts = side.blocks[block]
  if (counts === undefined) {
    counts = new Uint16Array(BLOCK)
    side.blocks[block] = counts
  }
  const next = (counts[at] ?? 0) + count
  if (next > LARGEST_UINT16 || !Number.isInteger(next)) {
    counts = fitting(counts, next)
    side.blocks[block] = counts
  }
  counts[at] = next
  const octave = slot >>> SCALE
  side.totals[octave] = (side.totals[octave] ?? 0) + count
}

/** The same counts, where `next` fits in: doubles are exact to 2^53. */
function fitting(counts: Counts, next: number): Counts {
  const whole = Number.isInteger(next) && next <= LARGEST_UINT32
  if (counts instanceof Float64Array || (whole && counts instanceof Uint32Array)) return counts
  return whole ? Uint32Array.from(counts) : Float64Array.from(counts)
}

/** `[slot, count]` of every bucket that holds something, ascending. */
export function* slotsOf(side: Side): Generator<[number, number]> {
  for (const [block, counts] of side.blocks.entries()) {
    if (counts === undefined) continue
    for (let at = 0; at < BLOCK; at += 1) {
      const count = counts[at] ?? 0
      if (count > 0) yield [block * BLOCK + at, count]
    }
  }
}

/** Everything counted. */
export function total(side: Side): number {
  return side.totals.reduce((sum, count) => sum + count, 0)
}

/** The bucket of the value with this rank, from 1. */
export function slotAtRank(side: Side, rank: number): number {
  let before = 0
  for (let octave = 0; octave < OCTAVES; octave += 1) {
    const inOctave = side.totals[octave] ?? 0
    if (before + inOctave < rank) {
      before += inOctave
      continue
    }
    for (let slot = octave * SLOTS; slot < (octave + 1) * SLOTS; slot += 1) {
      before += side.blocks[Math.floor(slot / BLOCK)]?.[slot % BLOCK] ?? 0
      if (before >= rank) return slot
    }
  }
  return LAST_SLOT
}

/** Where a bucket begins. */
export function lowerEdge(slot: number): Ms {
  return 2 ** (FIRST_OCTAVE + Math.floor(slot / SLOTS)) * (1 + (slot % SLOTS) / SLOTS)
}

/** The value that stands for a bucket. */
export function middle(slot: number): Ms {
  return (lowerEdge(slot) + lowerEdge(slot + 1)) / 2
}

/** The value that stands for bucket `index` of a histogram as JSON, index > 0: a positive value. */
export function middleOf(index: number): Ms {
  return middle(index - 1)
}
