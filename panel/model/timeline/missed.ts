import type { EpochMs } from '../../../lib/units.js'
import { eachFate, type Fate, type Heard } from './fates.js'
import type { TimelineLane } from './layout.js'
import { cellOf, type TimeScale, xOf } from './scale.js'

/** A line that does not arrive: it starts at `from` towards `toward` and ends at the share `share` of the way. */
export interface Unfinished {
  readonly from: number
  readonly toward: number
  readonly share: number
}

export interface MissedShapes {
  /** Replaced by a newer update: a cross at the end, where that one was generated. */
  readonly replaced: readonly Unfinished[]
  /** Crosses alone, where updates come so fast that there is no line to see. */
  readonly crosses: readonly Unfinished[]
  /** Lost: places of generation. */
  readonly lost: readonly number[]
  /** On their way to the next poll: one line, or all between two where they would run into each other. */
  readonly pending: readonly Waiting[]
}

export interface Waiting {
  readonly first: number
  readonly last: number
  readonly toward: number
}

/** Shorter lines are only a cross. */
const SHORTEST = 4
/** At most one cross in so many px. */
const CROSS = 7

/**
 * What a lane did not get, or has not got yet. Bounded by pixels: at most one cross for each width of a cross.
 * @param next - when the lane is expected to ask again
 */
export function missedShapes(
  lane: Pick<TimelineLane, 'read' | 'since'>,
  heard: Heard,
  next: EpochMs | null,
  scale: TimeScale
): MissedShapes {
  const replaced: Unfinished[] = []
  const crosses: Unfinished[] = []
  const lost: number[] = []
  const pending: { generated: EpochMs }[] = []
  let lastCross: number | null = null
  let lastLost: number | null = null
  const cross = (generated: EpochMs, until: EpochMs, arrival: EpochMs) => {
    const [from, toward, end] = [xOf(scale, generated), xOf(scale, arrival), xOf(scale, until)]
    const share = toward > from ? Math.min(1, (end - from) / (toward - from)) : 0
    if (end - from >= SHORTEST) {
      replaced.push({ from, toward, share })
      lastCross = cellOf(scale, until, CROSS)
      return
    }
    const cell = cellOf(scale, until, CROSS)
    if (cell === lastCross) return
    lastCross = cell
    crosses.push({ from, toward, share })
  }
  eachFate(lane, heard, scale.from, ({ generated }, fate: Fate) => {
    if (generated > scale.end) return
    if (fate.kind === 'replaced') cross(generated, fate.replaced, fate.received)
    else if (fate.kind === 'lost') {
      const cell = cellOf(scale, generated, CROSS)
      if (cell !== lastLost) lost.push(xOf(scale, generated))
      lastLost = cell
    } else if (fate.kind === 'pending') pending.push({ generated })
  })
  return { replaced, crosses, lost, pending: waiting(lane, pending, next, scale, cross) }
}

/** Of what waits for the next poll, a lane that reads the latest value gets the newest only. */
function waiting(
  { read }: Pick<TimelineLane, 'read'>,
  pending: readonly { readonly generated: EpochMs }[],
  next: EpochMs | null,
  scale: TimeScale,
  cross: (generated: EpochMs, until: EpochMs, arrival: EpochMs) => void
): readonly Waiting[] {
  if (next === null) return []
  const toward = xOf(scale, next)
  const found: { first: number; last: number; toward: number }[] = []
  for (const [index, { generated }] of pending.entries()) {
    const newer = pending[index + 1]?.generated
    if (read === 'latest' && newer !== undefined && newer <= scale.end) {
      cross(generated, newer, Math.max(next, generated))
      continue
    }
    const from = xOf(scale, generated)
    const before = found.at(-1)
    if (before !== undefined && from - before.last < SHORTEST) before.last = from
    else found.push({ first: from, last: from, toward })
  }
  return found
}
