import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '../clock.js'
import type { Caching } from './caching.js'
import type { FeedCounts } from './feed-counts.js'
import type { FeedLimits } from './feed-limits.js'
import type { FeedStream, FeedStreams } from './feed-streams.js'
import type { HeldRequests } from './held-requests.js'
import type { SlowReceivers } from './slow-receivers.js'

/** What the resources of one feed share. */
export interface Feed {
  readonly clock: Clock
  readonly limits: FeedLimits
  readonly caching: Caching
  readonly counts: FeedCounts
  readonly streams: FeedStreams
  readonly held: HeldRequests<FeedStream>
  readonly slow: SlowReceivers
  /** Connections on which the body of a refused request is being read. */
  readonly bodies: WeakSet<object>
}

/** A body ready to go out; a string has one character per byte (latin1), so that it leaves in one write with the header. */
export type Body = string | Buffer

/** Header fields by name, made once where they can be: Node takes an object faster than a list. */
export type HeaderFields = Readonly<Record<string, string>>

/** Above this a copy into a string costs more than a second buffer in the write. */
const LONGEST_STRING = 16_384

/** Bytes as they go out best. */
export function bodyOf(bytes: Uint8Array): Body {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return buffer.length <= LONGEST_STRING ? buffer.toString('latin1') : buffer
}

/** Answers one request; Node leaves the body out for HEAD, 204 and 304. */
export function send(
  feed: Feed,
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  headers: HeaderFields,
  body: Body | null
): void {
  const behind = isBehind(response)
  response.writeHead(status, headers)
  if (body === null) response.end()
  else if (typeof body === 'string') response.end(body, 'latin1')
  else response.end(body)
  const { socket } = request
  const bytes = body?.length ?? 0
  // Node itself stops reading from a client that has many small answers to take
  if (socket.writableLength > 0 || (behind && bytes > SMALL_ANSWER))
    feed.slow.watch(socket, bytes, taken => whenOver(request, response, behind, taken))
}

const SMALL_ANSWER = 4096

/** Whether an earlier answer on the same connection is in this one's way (pipelining): it has no socket yet. */
export const isBehind = (response: ServerResponse): boolean => response.socket === null

/** Runs once: when the answer is out, or its connection is gone. */
export function whenOver(
  { socket }: IncomingMessage,
  response: ServerResponse,
  behind: boolean,
  run: () => void
): void {
  response.once('close', run)
  if (!behind) return
  // Node tells only the answer in front that the connection is gone
  socket.setMaxListeners(0)
  socket.once('close', run)
  response.once('close', () => socket.off('close', run))
}

/** Answers one request with JSON. */
export function sendJson(
  feed: Feed,
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  headers: HeaderFields,
  json: string
): void {
  const body = Buffer.from(json)
  const all = { 'Content-Type': 'application/json', 'Content-Length': String(body.length), ...headers }
  send(feed, request, response, status, all, body)
}

/** Why a request got no 2xx or 304; the `error` of the JSON answer. */
export type RefusalCode =
  | 'PATH_UNKNOWN'
  | 'STREAM_UNKNOWN'
  | 'METHOD_NOT_ALLOWED'
  | 'PARAMETER_INVALID'
  | 'BODY_REFUSED'
  | 'NOT_AUTHORIZED'
  | 'HOST_REFUSED'
  | 'TOO_MANY_HELD'

/** An answer other than 2xx and 304. */
export interface Refusal {
  readonly status: number
  readonly code: RefusalCode
  /** What was expected, then what was found. */
  readonly message: string
  readonly headers?: HeaderFields
}

/** Refuses one request in JSON: `{"error": "<CODE>", "message": "…"}`. */
export function refuse(
  feed: Feed,
  request: IncomingMessage,
  response: ServerResponse,
  { status, code, message, headers }: Refusal
): void {
  const all = { 'Cache-Control': feed.caching.refusal, ...headers }
  sendJson(feed, request, response, status, all, JSON.stringify({ error: code, message }))
}
