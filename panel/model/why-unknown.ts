import type { Flag, FlagCode, LaneReport } from '../../lib/metrics/report.js'

/** Flags that take a figure away; the others only say that it is not conclusive. */
const TAKES_AWAY: ReadonlySet<FlagCode> = new Set([
  'EXCHANGES_NOT_WIRED',
  'NO_GENERATION_TIME',
  'ORIGIN_NOT_WIRED',
  'NO_GROUND_TRUTH',
  'FOREIGN_IDS'
] satisfies FlagCode[])

/** Flags of a lane that cover a figure: the figure itself, or what it is part of. */
export function flagsOn({ flags }: Pick<LaneReport, 'flags'>, path: string): readonly Flag[] {
  return flags.filter(({ spoils }) =>
    spoils.some(spoiled => path === spoiled || path.startsWith(`${spoiled}.`))
  )
}

/** The flag that says why a figure is null; null when only time is missing. */
export function whyUnknown(lane: Pick<LaneReport, 'flags'>, path: string): Flag | null {
  const covering = flagsOn(lane, path)
  return covering.find(({ code }) => TAKES_AWAY.has(code)) ?? null
}
