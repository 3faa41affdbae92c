import type { Clock } from '../clock.js'
import type { DeliveryErrorCode } from '../errors.js'
import type { ServerNotice } from '../thread/thread-server.js'
import type { EpochMs, Ms } from '../units.js'

/** Tells people something, at most once per code and minute. */
export type Notify = (code: DeliveryErrorCode, message: string) => void

const QUIET: Ms = 60_000

/**
 * Lets the first notice of each code through, then one a minute that says how many it stands for:
 * nothing that comes from the network may fill a log.
 */
export function rateLimited(send: (notice: ServerNotice) => void, clock: Clock, quietMs: Ms = QUIET): Notify {
  const seen = new Map<DeliveryErrorCode, { until: EpochMs; withheld: number }>()
  return (code, message) => {
    const now = clock.now()
    const last = seen.get(code)
    if (last && now < last.until) {
      last.withheld += 1
      return
    }
    const more = last && last.withheld > 0 ? ` (and ${last.withheld} more like it since the last notice)` : ''
    seen.set(code, { until: now + quietMs, withheld: 0 })
    send({ code, message: message + more })
  }
}
