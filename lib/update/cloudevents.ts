import { DeliveryError } from '../errors.js'
import type { EpochMs } from '../units.js'
import { parseUpdateId, sequenceText } from './identity.js'
import { streamOfPath, streamPath } from './stream-name.js'
import type { Update } from './update.js'

/** What our envelope says about the update in it. */
export interface DecodedUpdate {
  readonly stream: string
  readonly id: string
  readonly epoch: string
  readonly sequence: number
  readonly generatedAt: EpochMs
  readonly subject: string | null
  /** The payload: `data` as JSON has it, or a Buffer of `data_base64`. */
  readonly data: unknown
}

/** RFC 3339 UTC with microseconds. */
export function rfc3339Micros(instant: EpochMs): string {
  const micros = Math.round(instant * 1000)
  const ms = Math.floor(micros / 1000)
  return `${new Date(ms).toISOString().slice(0, -1)}${String(micros - ms * 1000).padStart(3, '0')}Z`
}

/** Epoch ms with its microsecond fraction, or null when `text` is no RFC 3339 instant. */
export function parseRfc3339(text: string): EpochMs | null {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/i.exec(text)
  if (!match) return null
  const [, seconds = '', fraction = '', zone = ''] = match
  const whole = Date.parse(seconds + zone.toUpperCase())
  return Number.isNaN(whole) ? null : whole + Math.round(Number(`0.${fraction || '0'}`) * 1e6) / 1000
}

/**
 * One update as a CloudEvent 1.0 in JSON event format, UTF-8.
 * @param subject - CloudEvents `subject`; left out when null
 * @throws DeliveryError `PAYLOAD_INVALID` when JSON cannot carry the payload
 */
export function encodeUpdate(update: Update, payload: unknown, subject: string | null): Buffer {
  const bytes = payload instanceof Uint8Array ? payload : null
  const event = {
    specversion: '1.0',
    id: update.id,
    source: `/streams/${streamPath(update.stream)}`,
    type: 'push-pull.update',
    time: rfc3339Micros(update.generatedAt),
    sequence: sequenceText(update.sequence),
    epoch: update.epoch,
    ...(subject === null ? {} : { subject }),
    datacontenttype: bytes ? 'application/octet-stream' : 'application/json'
  }
  if (bytes) {
    const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
    return Buffer.from(JSON.stringify({ ...event, data_base64: base64 }))
  }
  return Buffer.from(`${JSON.stringify(event).slice(0, -1)},"data":${payloadJson(payload)}}`)
}

/** JSON text of a payload that JSON can carry whole: what comes back equals what went in. */
function payloadJson(payload: unknown): string {
  let text: string | undefined
  try {
    text = JSON.stringify(payload, (_key, value: unknown) => {
      if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint')
        throw new DeliveryError(
          'PAYLOAD_INVALID',
          `Expected a payload that JSON can carry, found a ${typeof value}`
        )
      if (value instanceof Map || value instanceof Set)
        throw new DeliveryError(
          'PAYLOAD_INVALID',
          `Expected a payload that JSON can carry, found a ${value.constructor.name}`
        )
      if (typeof value === 'number' && !Number.isFinite(value))
        throw new DeliveryError('PAYLOAD_INVALID', `Expected a payload that JSON can carry, found ${value}`)
      return value
    })
  } catch (error) {
    if (error instanceof DeliveryError) throw error
    const found = error instanceof Error ? error.message : String(error)
    throw new DeliveryError('PAYLOAD_INVALID', `Expected a payload that JSON can carry, found: ${found}`, {
      cause: error
    })
  }
  if (text === undefined)
    throw new DeliveryError(
      'PAYLOAD_INVALID',
      `Expected a payload that JSON can carry, found ${typeof payload}`
    )
  return text
}

/** The update in a parsed JSON value, or null when it is not our envelope. */
export function decodeUpdate(event: unknown): DecodedUpdate | null {
  if (typeof event !== 'object' || event === null) return null
  const { specversion, type, id, source, time, subject, data, data_base64 } = event as Record<string, unknown>
  if (specversion !== '1.0' || type !== 'push-pull.update') return null
  if (typeof id !== 'string' || typeof source !== 'string' || typeof time !== 'string') return null
  const identity = parseUpdateId(id)
  const generatedAt = parseRfc3339(time)
  const stream = source.startsWith('/streams/') ? streamOfPath(source.slice('/streams/'.length)) : null
  if (!identity || generatedAt === null || stream === null) return null
  return {
    stream,
    id,
    epoch: identity.epoch,
    sequence: identity.sequence,
    generatedAt,
    subject: typeof subject === 'string' ? subject : null,
    data: typeof data_base64 === 'string' ? Buffer.from(data_base64, 'base64') : data
  }
}
