import type { Ms } from '../units.js'

export interface AdaptiveBounds {
  readonly minIntervalMs: Ms
  readonly maxIntervalMs: Ms
}

/**
 * The interval after one poll of an adaptive source: nothing new adds `minIntervalMs`, an update halves,
 * an error leaves it; always within the bounds (additive increase, multiplicative decrease, as in TCP, RFC 5681).
 */
export function adaptInterval(
  intervalMs: Ms,
  outcome: 'updated' | 'empty' | 'error',
  { minIntervalMs, maxIntervalMs }: AdaptiveBounds
): Ms {
  const next =
    outcome === 'empty' ? intervalMs + minIntervalMs : outcome === 'updated' ? intervalMs / 2 : intervalMs
  return Math.min(Math.max(next, minIntervalMs), maxIntervalMs)
}
