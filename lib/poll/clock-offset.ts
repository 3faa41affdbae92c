import type { ClockOffset } from '../update/exchange.js'
import type { RawAnswer } from './client.js'
import { parseHttpDate } from './retry-after.js'

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
