import { isUtf8 } from 'node:buffer'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib'
import { DeliveryError } from '../errors.js'
import type { Bytes } from '../units.js'
import { parsePayload } from '../update/payload.js'

/** How the body of an answer becomes a payload. */
export type ResponseType = 'auto' | 'json' | 'text' | 'binary'

/** What `decodeContent` understands, as a request header. */
export const ACCEPT_ENCODING = 'gzip, deflate, br'

type Inflate = (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>
const ungzip: Inflate = promisify(gunzip)
const unbrotli: Inflate = promisify(brotliDecompress)
const unzlib: Inflate = promisify(inflate)
const unraw: Inflate = promisify(inflateRaw)
/** Encodings laid over each other: one is normal, more than a few an attack. */
const MOST_LAYERS = 3

/**
 * A body without its Content-Encoding (RFC 9110 §8.4).
 * @param maxBytes - cap after inflation, so that a small bomb cannot fill the memory
 * @throws DeliveryError `BODY_TOO_LARGE`, `BODY_INVALID`
 */
export async function decodeContent(body: Buffer, encoding: string, maxBytes: Bytes): Promise<Buffer> {
  const layers = encoding
    .toLowerCase()
    .split(',')
    .map(layer => layer.trim())
  if (layers.length > MOST_LAYERS)
    throw new DeliveryError(
      'BODY_INVALID',
      `Expected at most ${MOST_LAYERS} encodings, found ${layers.length}`
    )
  let bytes = body
  for (const layer of layers.reverse()) bytes = await decodeLayer(bytes, layer, maxBytes)
  return bytes
}

async function decodeLayer(body: Buffer, layer: string, maxBytes: Bytes): Promise<Buffer> {
  if (layer === 'identity' || layer === '' || body.length === 0) return body
  const decode = decoderOf(layer, body)
  if (!decode)
    throw new DeliveryError('BODY_INVALID', `Expected ${ACCEPT_ENCODING}, found encoding "${layer}"`)
  try {
    return await decode(body, { maxOutputLength: maxBytes })
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE')
      throw new DeliveryError(
        'BODY_TOO_LARGE',
        `Expected at most ${maxBytes} bytes after ${layer}, found more`
      )
    throw new DeliveryError(
      'BODY_INVALID',
      `Expected a whole ${layer} body, found: ${(error as Error).message}`,
      {
        cause: error
      }
    )
  }
}

function decoderOf(layer: string, body: Buffer): Inflate | undefined {
  if (layer === 'gzip' || layer === 'x-gzip') return ungzip
  if (layer === 'br') return unbrotli
  // meant is the zlib format, but some servers send raw deflate: RFC 9110 §8.4.1.2
  if (layer === 'deflate') return ((body[0] ?? 0) & 0x0f) === 8 ? unzlib : unraw
  return undefined
}

/**
 * The payload in a decoded body. `auto` goes by the media type, and without a telling one by the bytes,
 * as Node-RED's MQTT node does.
 * @param needsJson - only JSON will do: there are items to find in it
 * @throws DeliveryError `BODY_INVALID`
 */
export function parseContent(
  body: Buffer,
  contentType: string,
  type: ResponseType,
  needsJson: boolean
): unknown {
  if (type === 'binary') return body
  const [media = '', ...parameters] = contentType.toLowerCase().split(';')
  const name = media.trim()
  let charset: string | undefined
  for (const parameter of parameters) charset ??= /^\s*charset="?([^"]+)"?\s*$/.exec(parameter)?.[1]
  if (type === 'text') return decodeText(body, charset)
  const isJson = name === 'application/json' || name.endsWith('+json')
  if (type === 'json' || needsJson || isJson) return parseJson(decodeText(body, charset), name)
  if (/^(?:image|audio|video|font)\//.test(name) || name === 'application/octet-stream') return body
  const parsed = parsePayload(body)
  if (typeof parsed === 'string' || (charset && !isUtf8(body))) return decodeText(body, charset)
  return parsed
}

function decodeText(body: Buffer, charset = 'utf-8'): string {
  if (charset === 'utf-8') {
    // as a TextDecoder would, which is dear to make
    const text = body.toString()
    return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
  }
  try {
    return new TextDecoder(charset).decode(body)
  } catch {
    // a charset that nobody knows: the web's own fall-back
    return new TextDecoder().decode(body)
  }
}

function parseJson(text: string, media: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const start = text.trimStart().slice(0, 40)
    const found = start.startsWith('<') ? `markup: ${start}` : start === '' ? 'nothing' : start
    throw new DeliveryError('BODY_INVALID', `Expected JSON, found (${media || 'no media type'}) ${found}`, {
      cause: error
    })
  }
}
