import type { Lane } from './lane.js'
import { durationText } from './quantities.js'

/**
 * What makes a lane unlike another of its stream, so that their figures do not compare: TLS on one side only,
 * or started apart by more than one interval. Null for nothing.
 */
export function inequality(lane: Lane, lanes: Iterable<Lane>): string | null {
  for (const other of lanes) {
    if (other === lane || other.stream !== lane.stream) continue
    const difference = tlsDifference(lane, other) ?? startDifference(lane, other)
    if (difference !== null) return difference
  }
  return null
}

function tlsDifference(lane: Lane, other: Lane): string | null {
  if (lane.settings === null || other.settings === null) return null
  if (lane.settings.tls === other.settings.tls) return null
  return lane.settings.tls
    ? `This lane uses TLS, ${other.name} does not.`
    : `${other.name} uses TLS, this lane does not.`
}

function startDifference(lane: Lane, other: Lane): string | null {
  const intervalMs = Math.max(lane.settings?.intervalMs ?? 0, other.settings?.intervalMs ?? 0)
  const apartMs = lane.window.start - other.window.start
  if (intervalMs === 0 || Math.abs(apartMs) <= intervalMs) return null
  return `Its figures began ${durationText(Math.abs(apartMs))} ${apartMs > 0 ? 'after' : 'before'} those of ${other.name}.`
}
