import type { EpochMs, Ms } from '../units.js'
import type { SourceSettings } from '../update/exchange.js'
import type { CostReading } from './costs.js'
import type { Lane } from './lane.js'
import type { LedgerReading } from './ledger.js'

const ENDED_MS = 10_000
const SILENT_MS = 10_000
/** Of a push-source: its pings are traffic. */
const KEEP_ALIVE_MS = 15_000
/** Of an adaptive poll-source at its longest interval, unless that was changed: its settings do not tell it. */
const ADAPTIVE_BEAT_MS = 60_000
/** Of a lane that a flow makes, or that polls on demand. */
const UNKNOWN_BEAT_MS = 30_000

/** When the lane ended: 10 s after its last record, if its source is gone or silent for long; null while it lives. */
export function endOf(
  lane: Lane,
  { now, gone }: { readonly now: EpochMs; readonly gone: boolean | null }
): EpochMs | null {
  if (gone === false || !Number.isFinite(lane.run.lastRecordAt)) return null
  // it told that it will be quiet
  if (gone === null && lane.paused) return null
  const patience = gone ? ENDED_MS : ENDED_MS + 3 * beatOf(lane.settings)
  return now - lane.run.lastRecordAt > patience ? lane.run.lastRecordAt : null
}

/** At least so often a living source elsewhere is heard of. */
function beatOf(settings: SourceSettings | null): Ms {
  if (settings === null || settings.trigger === 'input') return UNKNOWN_BEAT_MS
  const { trigger, intervalMs, waitMs } = settings
  const polls = Math.max(intervalMs ?? 0, waitMs ?? 0, trigger === 'adaptive' ? ADAPTIVE_BEAT_MS : 0)
  return polls > 0 ? polls : KEEP_ALIVE_MS
}

/** Seconds for which a connected lane did not get updates that exist; null when there is nothing strange about it. */
export function silence(
  lane: Lane,
  { pending, oldestUnheldAt }: LedgerReading,
  now: EpochMs,
  { totals }: CostReading
): number | null {
  if (lane.paused || (lane.model === 'push' && totals?.open === 0)) return null
  if (pending === 0 || oldestUnheldAt === null) return null
  const waited: Ms = now - oldestUnheldAt
  return waited > SILENT_MS + 3 * (lane.settings?.intervalMs ?? 0) ? waited / 1000 : null
}
