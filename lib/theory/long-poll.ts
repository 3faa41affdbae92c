import type { EpochMs, Ms } from '../units.js'
import { Replay } from './replay.js'

export interface LongPollRule {
  /** How long the server holds a request (H). */
  readonly holdMs: Ms
  /** From an answer to the next request, at the server (G). */
  readonly turnMs: Ms
  /** From the answer's leaving to its arrival (w). */
  readonly wayBackMs: Ms
  readonly read: 'latest' | 'log'
}

/** A cycle that takes no time would never end. */
const LEAST_CYCLE: Ms = 0.001

/**
 * Long polling, replayed over recorded updates, O(N): a request that finds something is answered at once, one that
 * does not is held for the next update or until its time is up; the next one comes a turn later.
 * @param times - instants of generation, ascending
 */
export function replayLongPoll(
  times: readonly EpochMs[],
  { holdMs, turnMs, wayBackMs, read }: LongPollRule
): Replay {
  const replay = new Replay(times, read)
  const cycle = Math.max(LEAST_CYCLE, holdMs + turnMs)
  let asked = (times[0] ?? 0) + turnMs
  for (let next = replay.next; next !== undefined; next = replay.next) {
    if (next > asked + holdMs) {
      const polls = Math.ceil((next - asked - holdMs) / cycle)
      replay.idle(polls)
      asked += polls * cycle
    }
    const answered = Math.max(asked, next)
    // the first of a burst ends the hold; the others wait for the next request
    replay.answer(answered, answered + wayBackMs, next > asked ? 1 : Number.POSITIVE_INFINITY)
    asked = answered + turnMs
  }
  return replay
}
