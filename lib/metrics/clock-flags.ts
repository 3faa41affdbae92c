import { durationText } from '../quantities.js'
import type { Ms } from '../units.js'
import { figure, flag } from './flag.js'
import type { LaneFacts, LaneRule } from './lane-facts.js'
import type { Flag } from './report.js'

const TIMED = ['latencyMs', 'latencyDeliveredMs', 'ageMs', 'freshShare', 'versionsBehind', 'targetShare']
/** So far may wall clock and monotonic clock be apart. */
const STEP: Ms = 50

/** What makes times doubtful that two clocks stamped. */
export const clockRules: readonly LaneRule[] = [
  ({ stampClock, medianMs }) => {
    if (!('errorMs' in stampClock) || medianMs === null) return null
    const { kind, errorMs } = stampClock
    if (errorMs <= Math.abs(medianMs) / 10) return null
    return flag(
      'CLOCK',
      kind === 'corrected'
        ? `The other clock is known to ± ${figure(errorMs)} ms only.`
        : `The other clock may be ${figure(errorMs)} ms off, and that much may be wrong in every latency.`,
      ['latencyMs', 'latencyDeliveredMs', 'ageMs', 'targetShare'],
      'Measure on one computer, or compare lanes by which had it first.',
      { case: kind, errorMs }
    )
  },
  ({ stampClock: { kind }, timed }) => {
    if (!timed || (kind !== 'origin' && kind !== 'source')) return null
    return kind === 'origin'
      ? flag(
          'CLOCK_UNKNOWN',
          'The updates are stamped by a clock that nothing here is known of.',
          TIMED,
          'If their origin is in this Node-RED, wire it into this node; else poll its feed, which tells its clock, or compare lanes by which had it first.',
          { case: kind }
        )
      : flag(
          'CLOCK_UNKNOWN',
          'The source runs elsewhere, and nothing is known of its clock.',
          [...TIMED, 'behindFirstMs'],
          'Measure with a source in this Node-RED.',
          { case: kind }
        )
  },
  ({ stampClock: { kind }, timed, apartMs }: LaneFacts) =>
    // ours and one that we asked for its time do not go by the wall clock
    timed && kind !== 'own' && kind !== 'corrected' ? clockStep(apartMs, TIMED) : null
]

/**
 * The wall clock was set while Node-RED ran, or the computer slept. Ours goes on as if nothing had happened, so what
 * is measured within this Node-RED stays right; it is only no longer the time of other computers.
 * @param apartMs - wall clock minus ours
 */
export function clockStep(apartMs: Ms, spoils: readonly string[]): Flag | null {
  if (Math.abs(apartMs) <= STEP) return null
  return flag(
    'CLOCK_STEP',
    `This computer’s clock was set by ${durationText(apartMs)} since Node-RED started: its times are no longer those of other computers.`,
    spoils,
    'Restart Node-RED: it starts with the right time.',
    { stepMs: apartMs }
  )
}
