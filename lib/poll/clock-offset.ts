import type { ClockOffset } from '../update/exchange.js'
import type { RawAnswer } from './client.js'
import type { PollRunOptions } from './poll-plan.js'
import { parseHttpDate } from './retry-after.js'

const SAME_CLOCK: ClockOffset = { offsetMs: 0, errorMs: 0 }

/**
 * The clock of the server that answered against ours: the same where it runs in this process, else as it tells it by
 * `/clock`, else within what the `Date` of this answer says. Null when nothing says it.
 */
export function answerClock(
  answer: RawAnswer | null,
  { sameClock, serverClock }: Pick<PollRunOptions, 'sameClock' | 'serverClock'>
): ClockOffset | null {
  if (sameClock) return SAME_CLOCK
  return serverClock() ?? (answer && clockOffset(answer))
}

/**
 * A server's clock against ours, from the `Date` of an answer: whole seconds, so ± 0.5 s, and half the time
 * that the answer took (MEASURING, "Matching"). Null without a date, and for an answer that a cache has kept.
 */
export function clockOffset({ headers, startedAt, headersAt }: RawAnswer): ClockOffset | null {
  const date = parseHttpDate(typeof headers.date === 'string' ? headers.date : '')
  if (date === null || Number(headers.age ?? 0) > 0) return null
  return {
    offsetMs: date + 500 - (startedAt + headersAt) / 2,
    errorMs: 500 + (headersAt - startedAt) / 2
  }
}
