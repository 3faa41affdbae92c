import type { EpochMs } from '../../../lib/units.js'
import type { Tracks } from '../tracks.js'
import type { TimelineLane, TimelineLayout } from './layout.js'
import { since } from './picture.js'
import type { TimeScale } from './scale.js'
import { isSameUpdate, type Target, type UpdateName } from './target.js'

export type Step = 'left' | 'right' | 'up' | 'down' | 'first' | 'last'

/** A row that the keyboard goes along: an origin's ticks, or a lane's deliveries. */
interface Row {
  readonly lane: number | null
  readonly stream: string
}

interface Item {
  readonly update: UpdateName
  readonly at: EpochMs
}

/**
 * Where a key leads: left and right along deliveries in time, up and down to the same update in another row. The
 * first key of all leads to the newest delivery. Null where there is nothing.
 */
export function stepTo(
  lanes: readonly TimelineLane[],
  tracks: Tracks,
  layout: TimelineLayout,
  scale: TimeScale,
  now: Target | null,
  step: Step
): Target | null {
  const rows: readonly Row[] = layout.groups.flatMap(({ stream, bands }) => [
    { lane: null, stream },
    ...bands.map(({ lane }) => ({ lane, stream }))
  ])
  const itemsOf = (row: Row): readonly Item[] =>
    row.lane === null ? generated(row.stream, tracks, scale) : delivered(lanes[row.lane], tracks, scale)
  const targetOf = (row: Row, item: Item | undefined): Target | null =>
    item === undefined ? now : { kind: 'update', ...row, ...item }
  const place = rows.findIndex(row => isRowOf(row, now))
  const row = rows[place]
  if (now === null || row === undefined) {
    const first = rows.find(candidate => candidate.lane !== null && itemsOf(candidate).length > 0) ?? rows[0]
    return first === undefined ? null : targetOf(first, itemsOf(first).at(-1))
  }
  if (step === 'up' || step === 'down') {
    const beyond = step === 'up' ? rows.slice(0, place).reverse() : rows.slice(place + 1)
    const next = beyond.find(candidate => itemsOf(candidate).length > 0)
    return next === undefined ? now : targetOf(next, itemsOf(next)[sameOrNearest(itemsOf(next), now)])
  }
  const items = itemsOf(row)
  if (step === 'first') return targetOf(row, items[0])
  if (step === 'last') return targetOf(row, items.at(-1))
  const here = sameOrNearest(items, now)
  return targetOf(row, items[here + (step === 'left' ? -1 : 1)])
}

function isRowOf(row: Row, target: Target | null): boolean {
  if (target === null) return false
  return target.lane === null
    ? row.lane === null && target.kind === 'update' && target.stream === row.stream
    : row.lane === target.lane
}

function sameOrNearest(items: readonly Item[], now: Target): number {
  let nearest = -1
  for (const [index, { update, at }] of items.entries()) {
    if (now.kind === 'update' && isSameUpdate(update, now.update)) return index
    if (nearest < 0 || Math.abs(at - now.at) < Math.abs((items[nearest]?.at ?? 0) - now.at)) nearest = index
  }
  return nearest
}

function generated(stream: string, tracks: Tracks, { from, edge }: TimeScale): readonly Item[] {
  const items: Item[] = []
  for (const update of since(tracks.updatesOf(stream), from))
    if (update.generated <= edge) items.push({ update, at: update.generated })
  return items
}

function delivered(
  lane: TimelineLane | undefined,
  tracks: Tracks,
  { from, edge }: TimeScale
): readonly Item[] {
  const items: Item[] = []
  const deliveries = lane === undefined ? undefined : tracks.track(lane.key)?.deliveries
  if (deliveries !== undefined)
    for (const delivery of since(deliveries, from))
      if (delivery.received <= edge) items.push({ update: delivery, at: delivery.received })
  return items
}
