import type { EpochMs } from '../units.js'

/**
 * When a server allows the next request (RFC 9110 §10.2.3), or null without a readable Retry-After.
 * A date is taken by the server's own clock when it sent `Date`, and by ours: the later one counts,
 * so that a difference of clocks never shortens the wait.
 * @param receivedAt - when the answer came
 */
export function retryAfter(
  value: string | undefined,
  date: string | undefined,
  receivedAt: EpochMs
): EpochMs | null {
  const text = value?.trim() ?? ''
  if (/^\d+$/.test(text)) return receivedAt + Number(text) * 1000
  const until = parseHttpDate(text)
  if (until === null) return null
  const sent = parseHttpDate(date ?? '')
  return sent === null ? until : Math.max(until, receivedAt + until - sent)
}

const DATE =
  /^(?:\w{3,9}, \d\d[ -]\w{3}[ -]\d{2,4} \d\d:\d\d:\d\d GMT|\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4})$/

/** An HTTP date in any of its three forms (RFC 9110 §5.6.7), in epoch ms, or null. */
export function parseHttpDate(text: string): EpochMs | null {
  if (!DATE.test(text)) return null
  // the asctime form has no zone, and without one Date.parse takes local time
  const at = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`)
  return Number.isNaN(at) ? null : at
}
