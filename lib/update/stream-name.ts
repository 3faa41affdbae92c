import { DeliveryError } from '../errors.js'

/** What is wrong with `name` as a stream name (CONTRACT 1), or null when it is one. */
export function streamNameFault(name: unknown): string | null {
  if (typeof name !== 'string' || name === '') return 'expected a stream name of 1–200 characters, found none'
  if (name.length > 200) return `expected a stream name of at most 200 characters, found ${name.length}`
  if (name.startsWith('$')) return `expected a stream name without a leading $, found ${name}`
  if (/[+#\0]/.test(name)) return `expected a stream name without + # and NUL, found ${JSON.stringify(name)}`
  if (!name.isWellFormed())
    return 'expected a stream name of whole Unicode characters, found half a surrogate pair'
  for (const level of name.split('/')) {
    if (level === '') return `expected a stream name without empty levels, found ${name}`
    if (level === '.' || level === '..')
      return `expected a stream name without . and .. as a level, found ${name}`
  }
  return null
}

/** @throws DeliveryError `STREAM_INVALID` */
export function checkStreamName(name: unknown): string {
  const fault = streamNameFault(name)
  if (fault !== null) throw new DeliveryError('STREAM_INVALID', fault)
  return name as string
}

/** A stream name as it stands in a URL path or a CloudEvents `source`: each level percent-encoded, `/` kept. */
export function streamPath(stream: string): string {
  return stream.split('/').map(encodeURIComponent).join('/')
}

/** The stream name of such a path, or null when the path is not well formed. */
export function streamOfPath(path: string): string | null {
  try {
    const stream = path.split('/').map(decodeURIComponent).join('/')
    return streamNameFault(stream) === null ? stream : null
  } catch {
    // decodeURIComponent throws on half an escape: no such stream
    return null
  }
}
