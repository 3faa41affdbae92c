import type { EpochMs, Ms } from '../units.js'
import { parseRfc3339 } from './cloudevents.js'

/** A point in time that somebody else wrote. */
export interface Instant {
  readonly at: EpochMs
  /** It was written without a zone and is taken for UTC (flag `TIME_ZONE_MISSING`). */
  readonly zoneMissing: boolean
  /** The unit of its last written digit: that much error it may hold (flag `TIME_RESOLUTION`). */
  readonly resolutionMs: Ms
}

const DAY: Ms = 86_400_000
/** Numbers below count seconds since 1970: 10¹¹ s is the year 5138, 10¹¹ ms is 1973. */
const LEAST_MS = 1e11
/** The last instant that a `Date` can hold, ECMA-262 §21.4.1.1. */
const LAST_MS = 8.64e15
const ISO = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:[.,](\d+))?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?)?$/i
const NUMBER = /^-?\d+(?:\.\d+)?$/

/**
 * The instant in a value (CONTRACT 2): ISO 8601, epoch ms or epoch seconds, as a number or as its text, or a `Date`.
 * Null when it is none of these.
 */
export function parseInstant(value: unknown): Instant | null {
  if (value instanceof Date) return ofNumber(value.getTime(), 1)
  if (typeof value === 'number') return ofEpoch(String(value))
  if (typeof value !== 'string') return null
  const text = value.trim()
  return NUMBER.test(text) ? ofEpoch(text) : ofIso(text)
}

function ofEpoch(digits: string): Instant | null {
  const value = Number(digits)
  const unit = Math.abs(value) < LEAST_MS ? 1000 : 1
  const decimals = NUMBER.test(digits) ? (digits.split('.')[1]?.length ?? 0) : 0
  return ofNumber(Math.round(value * unit * 1000) / 1000, unit / 10 ** decimals)
}

function ofNumber(at: EpochMs, resolutionMs: Ms): Instant | null {
  return Math.abs(at) <= LAST_MS ? { at, zoneMissing: false, resolutionMs } : null
}

function ofIso(text: string): Instant | null {
  const match = ISO.exec(text)
  if (!match) return null
  const [, day = '', minutes = '00:00', seconds = '00', fraction, zone] = match
  const at = parseRfc3339(`${day}T${minutes}:${seconds}${fraction ? `.${fraction}` : ''}${offset(zone)}`)
  if (at === null) return null
  const resolutionMs = fraction ? 1000 / 10 ** fraction.length : match[3] ? 1000 : match[2] ? 60_000 : DAY
  return { at, zoneMissing: zone === undefined, resolutionMs }
}

/** `+hh`, `+hhmm` and `+hh:mm` as RFC 3339 has them; none is UTC. */
function offset(zone: string | undefined): string {
  if (zone === undefined || zone.toUpperCase() === 'Z') return 'Z'
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0')
  return `${zone[0]}${digits.slice(0, 2)}:${digits.slice(2)}`
}
