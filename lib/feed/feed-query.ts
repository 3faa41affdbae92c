import type { Ms } from '../units.js'

/** What a request for a page of the log asks for. */
export interface FeedQuery {
  /** `lastEventId`; null = from the oldest kept update. */
  readonly cursor: string | null
  /** Hold at most so long while there is nothing newer. */
  readonly timeoutMs: Ms
  readonly limit: number
}

/** A hold is at most a minute: proxies on the way give up after it. */
export const LONGEST_HOLD: Ms = 60_000

const NOTHING_ASKED: FeedQuery = { cursor: null, timeoutMs: 0, limit: 100 }

/** The parameters of `GET /feeds/<stream>`, or a sentence about the bad one. Unknown ones are left alone. */
export function feedQuery(query: string): FeedQuery | string {
  if (query === '') return NOTHING_ASKED
  const parameters = new URLSearchParams(query)
  const timeoutMs = whole(parameters.get('timeout'), 0)
  if (!(timeoutMs >= 0 && timeoutMs <= LONGEST_HOLD))
    return `Expected timeout to be whole milliseconds from 0 to ${LONGEST_HOLD}, found ${parameters.get('timeout')}`
  const limit = whole(parameters.get('limit'), NOTHING_ASKED.limit)
  if (!(limit >= 1 && limit <= 1000))
    return `Expected limit to be a whole number from 1 to 1000, found ${parameters.get('limit')}`
  return { cursor: parameters.get('lastEventId') || null, timeoutMs, limit }
}

const whole = (text: string | null, otherwise: number): number =>
  text === null ? otherwise : /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
