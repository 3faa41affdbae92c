import { DeliveryError } from '../errors.js'
import type { EpochMs } from '../units.js'

/** One recorded instant, with the payload that came then, or null when one is to be made. */
export interface RecordedUpdate {
  readonly time: EpochMs
  readonly item: { readonly payload: unknown } | null
}

const ISO_8601 = /^\d{4}-\d\d(-\d\d(T\d\d:\d\d(:\d\d([.,]\d+)?)?(Z|[+-]\d\d(:?\d\d)?)?)?)?$/i

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
  const instant = parseInstant(time)
  if (instant === null)
    throw new DeliveryError(
      'TIMES_INVALID',
      `Expected times[${index}] to be epoch ms, ISO 8601 or { time, payload }, found ${describe(entry)}`
    )
  return { time: instant, item: 'payload' in rest ? { payload: rest.payload } : null }
}

function parseInstant(time: unknown): EpochMs | null {
  if (typeof time === 'number') return Number.isFinite(time) ? time : null
  if (typeof time !== 'string') return null
  const match = ISO_8601.exec(time.trim())
  if (!match) return null
  const [text, , clockPart, , , zone] = match
  // Date.parse takes a time without a zone as local time
  const instant = Date.parse(
    (clockPart !== undefined && zone === undefined ? `${text}Z` : zoneWithColon(text, zone)).replace(',', '.')
  )
  return Number.isNaN(instant) ? null : instant
}

/** `+0100` and `+01` as `+01:00`, the only form that Date.parse knows. */
function zoneWithColon(text: string, zone: string | undefined): string {
  if (zone === undefined || zone.length === 6 || zone.length === 1) return text
  return `${text.slice(0, -zone.length)}${zone.slice(0, 3)}:${zone.slice(3) || '00'}`
}

const describe = (value: unknown): string => (JSON.stringify(value) ?? String(value)).slice(0, 80)
