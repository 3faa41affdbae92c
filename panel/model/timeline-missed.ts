import type { EpochMs } from '../../lib/units.js'
import type { Recent } from './recent.js'
import { eachFate, type Fate } from './timeline-fates.js'
import type { TimelineLane } from './timeline-layout.js'
import { cellOf, type TimeScale, xOf } from './timeline-scale.js'
import type { GeneratedUpdate, TrackDelivery } from './tracks.js'

/** A line that does not arrive, or not yet: it starts at `from` towards `toward` and ends at the share `share` of the way. */
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
  /** On their way to the next poll. */
  readonly pending: readonly Unfinished[]
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
  updates: Recent<GeneratedUpdate>,
  deliveries: Recent<TrackDelivery>,
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
  eachFate(lane, updates, deliveries, scale.from, ({ generated }, fate: Fate) => {
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
): readonly Unfinished[] {
  if (next === null) return []
  const found: Unfinished[] = []
  const ahead = xOf(scale, scale.end)
  let last: number | null = null
  for (const [index, { generated }] of pending.entries()) {
    const newer = pending[index + 1]?.generated
    if (read === 'latest' && newer !== undefined && newer <= scale.end) {
      cross(generated, newer, Math.max(next, generated))
      continue
    }
    const cell = cellOf(scale, generated, 2)
    if (cell === last || generated > scale.end) continue
    last = cell
    const [from, toward] = [xOf(scale, generated), xOf(scale, next)]
    found.push({ from, toward, share: toward > from ? Math.min(1, (ahead - from) / (toward - from)) : 1 })
  }
  return found
}
