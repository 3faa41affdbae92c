import { streamNameFault } from '../../lib/update/stream-name.js'
import { custom, flag, number, oneOf, reference, text } from '../shared/fields.js'
import { itemsFields, propertyFields } from '../shared/properties.js'

const headerTypes = ['str', 'env', 'flow', 'global', 'jsonata', 'msg'] as const

/** One custom request header. */
export interface HeaderField {
  readonly name: string
  readonly value: string
  readonly valueType: (typeof headerTypes)[number]
}

/** The properties of `poll-source` (CONTRACT 2). */
export const fields = {
  target: oneOf('feed', 'url'),
  feed: reference(),
  /** '' = host and path of the URL, with target `url`. */
  stream: text('updates', { check: streamNameFault, emptyIsDefault: false, code: 'STREAM_INVALID' }),
  /** '' = `msg.url`, with trigger `input`; from `/` on = this Node-RED's own. */
  url: text(''),
  read: oneOf('latest', 'log'),
  trigger: oneOf('interval', 'long-poll', 'adaptive', 'input'),
  intervalMs: number(5000, { min: 1, max: 31_536_000_000 }),
  minIntervalMs: number(1000, { min: 1, max: 31_536_000_000 }),
  maxIntervalMs: number(60_000, { min: 1, max: 31_536_000_000 }),
  waitMs: number(30_000, { min: 1, max: 60_000 }),
  timeoutMs: number(10_000, { min: 1, max: 3_600_000 }),
  jitter: number(0, { min: 0, max: 1 }),
  start: oneOf('newest', 'oldest'),
  maxBodyBytes: number(10_485_760, { min: 1, max: 1_073_741_824, integer: true }),
  keepAlive: flag(true),
  tls: reference(),
  proxy: reference(),
  authType: oneOf('none', 'basic', 'bearer', 'header'),
  authHeader: text(''),
  headers: custom([], readHeaders),
  responseType: oneOf('auto', 'json', 'text', 'binary'),
  emit: oneOf('changes', 'every'),
  ...itemsFields,
  ...propertyFields
}

function readHeaders(saved: unknown): readonly HeaderField[] {
  const list: unknown = typeof saved === 'string' ? JSON.parse(saved) : saved
  if (!Array.isArray(list)) throw new Error(`expected a list of headers, found ${typeof list}`)
  return list.map((entry: unknown) => {
    const { name, value, valueType = 'str' } = (entry ?? {}) as Record<string, unknown>
    const type = headerTypes.find(known => known === valueType)
    if (typeof name !== 'string' || type === undefined)
      throw new Error(`expected headers of { name, value, valueType }, found ${JSON.stringify(entry)}`)
    return { name, value: value === undefined || value === null ? '' : String(value), valueType: type }
  })
}
