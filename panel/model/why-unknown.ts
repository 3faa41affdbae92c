import type { Flag, FlagCode, LaneReport } from '../../lib/metrics/report.js'
import { spoils } from './words/conclusive.js'

/** Flags that take a figure away, the deeper reason first; the others only say that it is not conclusive. */
const TAKE_AWAY: readonly FlagCode[] = [
  'NO_GENERATION_TIME',
  'NO_GROUND_TRUTH',
  'ORIGIN_NOT_WIRED',
  'EXCHANGES_NOT_WIRED',
  'FOREIGN_IDS'
]

/** Flags of a lane that cover a figure: the figure itself, or what it is part of. */
export const flagsOn = ({ flags }: Pick<LaneReport, 'flags'>, path: string): readonly Flag[] =>
  flags.filter(flag => spoils(flag, path))

/** The flag that says why a figure is null; null when only time is missing. */
export function whyUnknown(lane: Pick<LaneReport, 'flags'>, path: string): Flag | null {
  const covering = flagsOn(lane, path)
  for (const reason of TAKE_AWAY) {
    const found = covering.find(({ code }) => code === reason)
    if (found !== undefined) return found
  }
  return null
}
