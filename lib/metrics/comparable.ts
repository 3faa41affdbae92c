import { durationText } from '../quantities.js'
import type { EpochMs } from '../units.js'
import type { Lane } from './lane.js'
import type { SentenceParams } from './report.js'

/** A difference in words, and what the words say in figures. */
export interface Inequality {
  readonly message: string
  readonly params: SentenceParams
}

/** Then the start is at most 5 % of what is compared. */
const FORGIVEN_AFTER = 20

/**
 * What makes a lane unlike another of its stream, so that their figures do not compare: TLS on one side only,
 * or started apart by more than one interval; or that no two lanes compare at all. Null for nothing.
 * A start apart is forgiven once what the lanes have in common is 20 times as long.
 */
export function inequality(lane: Lane, lanes: Iterable<Lane>, now: EpochMs): Inequality | null {
  for (const other of lanes) {
    if (other === lane || other.stream !== lane.stream) continue
    const difference = tlsDifference(lane, other) ?? startDifference(lane, other, now)
    if (difference !== null) return difference
  }
  return strangeness(lanes)
}

/** Push and pull are measured, but not on the same updates. */
function strangeness(lanes: Iterable<Lane>): Inequality | null {
  const all = [...lanes]
  const pushed = all.filter(({ model }) => model === 'push')
  const pulled = all.filter(({ model }) => model === 'pull')
  if (pushed.length === 0 || pulled.length === 0) return null
  const alike = pushed.some(push => pulled.some(pull => sharesUpdates(push, pull)))
  const message = 'No push lane and pull lane here have a stream or an origin in common.'
  return alike ? null : { message, params: { case: 'apart' } }
}

function sharesUpdates(one: Lane, other: Lane): boolean {
  if (one.stream === other.stream) return true
  const origin = one.home?.origin ?? null
  return origin !== null && origin === other.home?.origin
}

function tlsDifference(lane: Lane, other: Lane): Inequality | null {
  if (lane.settings === null || other.settings === null) return null
  if (lane.settings.tls === other.settings.tls) return null
  return lane.settings.tls
    ? { message: `This lane uses TLS, ${other.name} does not.`, params: { case: 'tls', other: other.name } }
    : { message: `${other.name} uses TLS, this lane does not.`, params: { case: 'noTls', other: other.name } }
}

function startDifference(lane: Lane, other: Lane, now: EpochMs): Inequality | null {
  const intervalMs = Math.max(lane.settings?.intervalMs ?? 0, other.settings?.intervalMs ?? 0)
  const apartMs = lane.window.start - other.window.start
  if (intervalMs === 0 || Math.abs(apartMs) <= intervalMs) return null
  const commonMs = now - Math.max(lane.window.start, other.window.start)
  if (Math.abs(apartMs) * FORGIVEN_AFTER <= commonMs) return null
  const order = apartMs > 0 ? 'after' : 'before'
  return {
    message: `Its figures began ${durationText(Math.abs(apartMs))} ${order} those of ${other.name}.`,
    params: { case: order, apartMs: Math.abs(apartMs), other: other.name }
  }
}
