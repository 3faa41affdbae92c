import type { EpochMs, Ms } from '../units.js'
import { Replay } from './replay.js'

/** Adaptive polling (CONTRACT 3): an empty poll adds `minIntervalMs`, an updated one halves, within the bounds. */
export interface AdaptiveRule {
  /** It starts with. */
  readonly intervalMs: Ms
  readonly minIntervalMs: Ms
  readonly maxIntervalMs: Ms
  /** Server time and way back (w). */
  readonly wayBackMs: Ms
  readonly read: 'latest' | 'log'
  /** Of the first poll, at the server, where it is known. @default several, spread over the first interval */
  readonly firstPoll?: EpochMs
}

/** Passes, each from another instant of the first interval on: one alone would be chance. */
const PHASES = 4
const LEAST_INTERVAL: Ms = 0.001

/**
 * Adaptive polling, replayed over recorded updates, O(N): the polls between two updates are counted, not made.
 * @param times - instants of generation, ascending
 */
export function replayAdaptive(times: readonly EpochMs[], rule: AdaptiveRule): Replay {
  const replay = new Replay(times, rule.read)
  const { firstPoll } = rule
  if (firstPoll !== undefined) pass(replay, firstPoll, rule)
  else
    for (let phase = 0; phase < PHASES; phase += 1) {
      replay.rewind()
      pass(replay, (times[0] ?? 0) + ((phase + 0.5) / PHASES) * rule.intervalMs, rule)
    }
  return replay
}

function pass(replay: Replay, firstPoll: EpochMs, rule: AdaptiveRule): void {
  const least = Math.max(LEAST_INTERVAL, rule.minIntervalMs)
  const most = Math.max(least, rule.maxIntervalMs)
  let interval = Math.min(Math.max(rule.intervalMs, least), most)
  let poll = firstPoll
  for (let next = replay.next; next !== undefined; next = replay.next) {
    if (poll < next) {
      // the polls before the update: each a step longer than the one before …
      const steps = Math.min(stepsTo(next - poll, interval, least), Math.floor((most - interval) / least))
      if (steps > 0) {
        replay.idle(steps)
        poll += steps * interval + (least * steps * (steps + 1)) / 2
        interval += steps * least
      }
      // … until the longest interval, then all alike
      if (poll < next) {
        const polls = Math.ceil((next - poll) / most)
        replay.idle(polls)
        poll += polls * most
        interval = most
      }
    }
    replay.answer(poll, poll + rule.wayBackMs)
    interval = Math.max(least, interval / 2)
    poll += interval
  }
}

/** The fewest steps k with k·interval + step·k(k + 1)/2 ≥ `ms`. */
function stepsTo(ms: Ms, interval: Ms, step: Ms): number {
  const half = interval + step / 2
  return Math.ceil((Math.sqrt(half * half + 2 * step * ms) - half) / step)
}
