import { durationText } from '../quantities.js'
import type { EpochMs } from '../units.js'
import type { Lane } from './lane.js'

/** Then the start is at most 5 % of what is compared. */
const FORGIVEN_AFTER = 20

/**
 * What makes a lane unlike another of its stream, so that their figures do not compare: TLS on one side only,
 * or started apart by more than one interval; or that no two lanes compare at all. Null for nothing.
 * A start apart is forgiven once what the lanes have in common is 20 times as long.
 */
export function inequality(lane: Lane, lanes: Iterable<Lane>, now: EpochMs): string | null {
  for (const other of lanes) {
    if (other === lane || other.stream !== lane.stream) continue
    const difference = tlsDifference(lane, other) ?? startDifference(lane, other, now)
    if (difference !== null) return difference
  }
  return strangeness(lanes)
}

/** Push and pull are measured, but not on the same updates. */
function strangeness(lanes: Iterable<Lane>): string | null {
  const all = [...lanes]
  const pushed = all.filter(({ model }) => model === 'push')
  const pulled = all.filter(({ model }) => model === 'pull')
  if (pushed.length === 0 || pulled.length === 0) return null
  const alike = pushed.some(push => pulled.some(pull => sharesUpdates(push, pull)))
  return alike ? null : 'No push lane and pull lane here have a stream or an origin in common.'
}

function sharesUpdates(one: Lane, other: Lane): boolean {
  if (one.stream === other.stream) return true
  const origin = one.home?.origin ?? null
  return origin !== null && origin === other.home?.origin
}

function tlsDifference(lane: Lane, other: Lane): string | null {
  if (lane.settings === null || other.settings === null) return null
  if (lane.settings.tls === other.settings.tls) return null
  return lane.settings.tls
    ? `This lane uses TLS, ${other.name} does not.`
    : `${other.name} uses TLS, this lane does not.`
}

function startDifference(lane: Lane, other: Lane, now: EpochMs): string | null {
  const intervalMs = Math.max(lane.settings?.intervalMs ?? 0, other.settings?.intervalMs ?? 0)
  const apartMs = lane.window.start - other.window.start
  if (intervalMs === 0 || Math.abs(apartMs) <= intervalMs) return null
  const commonMs = now - Math.max(lane.window.start, other.window.start)
  if (Math.abs(apartMs) * FORGIVEN_AFTER <= commonMs) return null
  return `Its figures began ${durationText(Math.abs(apartMs))} ${apartMs > 0 ? 'after' : 'before'} those of ${other.name}.`
}
