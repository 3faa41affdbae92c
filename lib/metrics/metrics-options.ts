import type { Clock } from '../clock.js'
import type { EpochMs, Ms, Share } from '../units.js'
import type { Plans } from './advice.js'

/** What a metrics node measures with. */
export interface DeliveryMetricsOptions {
  readonly id: string
  readonly name: string
  readonly clock: Clock
  readonly targetMs: Ms
  readonly targetShare: Share
  readonly warmUpMs: Ms
  /** What the advice is for; one client without a budget when absent. */
  readonly plans?: Plans
  /** Whether a source's node is gone from this runtime; null when it never was in it. */
  readonly isGone?: (source: string) => boolean | null
  /** What the computer's own clock says; `clock` does not follow it when it is set. @default `clock` */
  readonly wall?: () => EpochMs
  /** How busy the thread that measures is. */
  readonly ownBusyShare?: () => Share | null
}
