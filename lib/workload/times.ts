import { DeliveryError } from '../errors.js'
import type { EpochMs } from '../units.js'
import { parseInstant } from '../update/instant.js'

/** One recorded instant, with the payload that came then, or null when one is to be made. */
export interface RecordedUpdate {
  readonly time: EpochMs
  readonly item: { readonly payload: unknown } | null
}

/** ISO 8601 begins with a year; digits alone would be a number as text. */
const CALENDAR = /^\d{4}-/

/**
 * Recorded instants, in order of time. Each is epoch ms, ISO 8601 (without a zone: UTC) or `{ time, payload }`.
 * @param times - an array or its JSON text
 * @throws DeliveryError `TIMES_INVALID`, naming the index
 */
export function parseTimes(times: unknown): readonly RecordedUpdate[] {
  const list = typeof times === 'string' ? parseJson(times) : times
  if (!Array.isArray(list) || list.length === 0)
    throw new DeliveryError(
      'TIMES_INVALID',
      `Expected times to be a JSON array of at least one instant, found ${describe(list)}`
    )
  return list.map(recordedUpdate).sort((a, b) => a.time - b.time)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const found = text.trim() === '' ? 'nothing' : error instanceof Error ? error.message : String(error)
    throw new DeliveryError('TIMES_INVALID', `Expected times to be a JSON array, found ${found}`, {
      cause: error
    })
  }
}

function recordedUpdate(entry: unknown, index: number): RecordedUpdate {
  const wrapped = typeof entry === 'object' && entry !== null && !Array.isArray(entry)
  const { time, ...rest } = wrapped ? (entry as { time?: unknown; payload?: unknown }) : { time: entry }
  const instant = instantOf(time)
  if (instant === null)
    throw new DeliveryError(
      'TIMES_INVALID',
      `Expected times[${index}] to be epoch ms, ISO 8601 or { time, payload }, found ${describe(entry)}`
    )
  return { time: instant, item: 'payload' in rest ? { payload: rest.payload } : null }
}

/** A number is ms, however small: recordings may count from anywhere. */
function instantOf(time: unknown): EpochMs | null {
  if (typeof time === 'number') return Number.isFinite(time) ? time : null
  return typeof time === 'string' && CALENDAR.test(time) ? (parseInstant(time)?.at ?? null) : null
}

const describe = (value: unknown): string => (JSON.stringify(value) ?? String(value)).slice(0, 80)
