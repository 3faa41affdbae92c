import type { Ms } from '../units.js'
import type { SourceSettings, Trigger } from '../update/exchange.js'
import type { PollerOptions } from './poller-options.js'

/** What of a poller's settings is in force now; TLS is its target's. */
export function pollSettings(
  { read, waitMs, keepAlive, minIntervalMs, maxIntervalMs }: PollerOptions<never>,
  trigger: Trigger,
  intervalMs: Ms
): Omit<SourceSettings, 'tls'> {
  const ticking = trigger === 'interval' || trigger === 'adaptive'
  return {
    trigger,
    read,
    intervalMs: ticking ? intervalMs : null,
    ...(trigger === 'adaptive' ? { minIntervalMs, maxIntervalMs } : {}),
    waitMs: trigger === 'long-poll' ? waitMs : null,
    qos: null,
    session: null,
    keepAlive
  }
}
