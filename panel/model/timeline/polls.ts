import type { EpochMs, Ms } from '../../../lib/units.js'
import type { Outcome } from '../../../lib/update/exchange.js'
import type { TrackExchange } from '../tracks.js'
import type { TimelineLane } from './layout.js'
import { cellOf, type TimeScale, xOf } from './scale.js'

export type MarkKind = 'empty' | 'updated' | 'held-back' | 'failed'

/** One poll, or several of the same kind that would lie on each other. */
export interface PollMark {
  readonly kind: MarkKind
  readonly x: number
  readonly polls: number
}

/** A span of time on a lane, px. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

export interface PollShapes {
  /** In the order to draw: what matters most comes last. */
  readonly marks: readonly PollMark[]
  /** Requests that were under way for some time. */
  readonly holds: readonly Stretch[]
  /** The request that a long poll has under way now: it is told of when it ends. */
  readonly open: Stretch | null
  /** Without a connection. */
  readonly offline: readonly Stretch[]
}

const KINDS: Readonly<Partial<Record<Outcome, MarkKind>>> = {
  empty: 'empty',
  'not-modified': 'empty',
  throttled: 'held-back',
  skipped: 'held-back',
  updated: 'updated',
  error: 'failed',
  timeout: 'failed'
}
const ORDER: readonly MarkKind[] = ['held-back', 'empty', 'updated', 'failed']
/** A mark is as wide as this. */
const MARK = 8
/** Shorter requests are no more than their mark. */
const SHORTEST_HOLD = 6

export const markKind = (outcome: Outcome): MarkKind | null => KINDS[outcome] ?? null

/** How many polls share a mark: those of the same kind in the same cell. */
export const markCell = (scale: TimeScale, { ended }: TrackExchange): number => cellOf(scale, ended, MARK)

/** What a lane's polls and connection events look like. @param exchanges - by their end */
export function pollShapes(
  { trigger }: Pick<TimelineLane, 'trigger'>,
  exchanges: Iterable<TrackExchange>,
  scale: TimeScale
): PollShapes {
  const marks = new Map<MarkKind, { kind: MarkKind; x: number; polls: number; cell: number }[]>()
  const holds: Stretch[] = []
  const offline: Stretch[] = []
  let lostAt: EpochMs | null = null
  let last: TrackExchange | null = null
  for (const exchange of exchanges) {
    const { outcome, started, ended } = exchange
    if (outcome === 'disconnected') lostAt ??= ended
    if (outcome === 'connected' && lostAt !== null) {
      if (ended > scale.from) offline.push(stretch(scale, lostAt, ended))
      lostAt = null
    }
    const kind = KINDS[outcome]
    if (kind === undefined) continue
    last = exchange
    if (ended < scale.from || started > scale.end) continue
    if (isHold(scale, exchange)) holds.push(stretch(scale, started, ended))
    const row = marks.get(kind) ?? []
    marks.set(kind, row)
    const cell = markCell(scale, exchange)
    const before = row.at(-1)
    if (before?.cell === cell) before.polls += 1
    else row.push({ kind, x: xOf(scale, ended), polls: 1, cell })
  }
  if (lostAt !== null) offline.push(stretch(scale, lostAt, scale.end))
  const waits = trigger === 'long-poll' && last !== null && KINDS[last.outcome] !== 'failed'
  return {
    marks: ORDER.flatMap(kind => marks.get(kind) ?? []).map(({ kind, x, polls }) => ({ kind, x, polls })),
    holds,
    open:
      waits && last !== null && (scale.edge - last.ended) * scale.perMs >= SHORTEST_HOLD
        ? stretch(scale, last.ended, scale.end)
        : null,
    offline
  }
}

/** Polls come at their interval: when the next one after `edge` is to be expected; null where nobody can tell. */
export function nextPoll(
  { trigger }: Pick<TimelineLane, 'trigger'>,
  exchanges: Iterable<TrackExchange>,
  edge: EpochMs
): EpochMs | null {
  if (trigger !== 'interval' && trigger !== 'adaptive') return null
  let [before, last]: [Ms | null, Ms | null] = [null, null]
  for (const { outcome, ended } of exchanges)
    if (KINDS[outcome] !== undefined) {
      before = last
      last = ended
    }
  if (before === null || last === null || last <= before) return null
  const gap = last - before
  return last + gap * Math.max(1, Math.ceil((edge - last) / gap))
}

export const isHold = ({ perMs }: TimeScale, { started, ended }: TrackExchange): boolean =>
  (ended - started) * perMs >= SHORTEST_HOLD

const stretch = (scale: TimeScale, from: EpochMs, to: EpochMs): Stretch => ({
  from: xOf(scale, from),
  to: xOf(scale, to)
})
