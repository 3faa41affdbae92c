import type { IncomingMessage, ServerResponse } from 'node:http'
import { asDeliveryError, type DeliveryError } from '../errors.js'
import type { AccessFault, AccessGuard } from './access.js'
import type { FeedStream } from './feed-streams.js'
import { type Feed, type Refusal, refuse, sendJson } from './http-answer.js'
import { LatestResource } from './latest-resource.js'
import { LogResource } from './log-resource.js'

/** Answers one request. */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void

/** Guards, finds the resource and answers: `/feeds/…`, `/latest/…`, `/clock` and `/`. */
export function requestHandler(
  feed: Feed,
  guard: AccessGuard,
  report: (error: DeliveryError) => void
): RequestHandler {
  const latest = new LatestResource(feed)
  const log = new LogResource(feed)

  const clock: RequestHandler = (request, response) => {
    const receivedAt = feed.clock.now()
    const caching = { 'Cache-Control': feed.caching.never }
    sendJson(feed, request, response, 200, caching, JSON.stringify({ receivedAt, sentAt: feed.clock.now() }))
  }
  const names: RequestHandler = (request, response) =>
    sendJson(feed, request, response, 200, { 'Cache-Control': feed.caching.current }, feed.streams.names)

  function resourceAt(target: string): RequestHandler | Refusal {
    const mark = target.indexOf('?')
    const path = mark < 0 ? target : target.slice(0, mark)
    if (path === '/') return names
    if (path === '/clock') return clock
    const isLog = path.startsWith('/feeds/')
    if (!isLog && !path.startsWith('/latest/')) return unknownPath(path)
    const stream = feed.streams.atPath(path.slice(isLog ? '/feeds/'.length : '/latest/'.length))
    if (!stream) return unknownStream(path)
    if (!isLog) return (request, response) => latest.answer(stream, request, response)
    const query = mark < 0 ? '' : target.slice(mark + 1)
    return (request, response) => log.answer(stream, query, request, response)
  }

  /** The usual request, found by two look-ups: a target written as we would, and a guard that has nothing to say. */
  function usual(request: IncomingMessage): FeedStream | undefined {
    const { headers, method, url = '' } = request
    const stream = method === 'GET' ? feed.streams.atLatest(url) : undefined
    return stream && !hasBody(request) && guard(headers.host, headers.authorization) === null
      ? stream
      : undefined
  }

  function find(request: IncomingMessage): RequestHandler | Refusal {
    const { headers, method = '', url = '' } = request
    const target = url.startsWith('/') ? { path: url, host: headers.host } : originForm(url, headers.host)
    const fault = guard(target.host, headers.authorization)
    if (fault !== null) {
      feed.counts.refused++
      return accessRefusal(fault, target.host)
    }
    const resource = resourceAt(target.path)
    if (typeof resource !== 'function') return resource
    if (method !== 'GET' && method !== 'HEAD') return wrongMethod(method)
    return hasBody(request) ? BODY_REFUSED : resource
  }

  function answer(request: IncomingMessage, response: ServerResponse): void {
    try {
      const stream = usual(request)
      if (stream) {
        latest.answer(stream, request, response)
        return
      }
      const found = find(request)
      if (typeof found === 'function') found(request, response)
      else refuse(feed, request, response, found)
    } catch (error) {
      // never seen: one request must not end the server of all
      report(asDeliveryError(error, 'REQUEST_FAILED'))
      request.socket.destroy()
    }
  }

  return (request, response) => {
    if (hasBody(request)) drain(feed, request, () => answer(request, response))
    else answer(request, response)
  }
}

const unknownPath = (path: string): Refusal => ({
  status: 404,
  code: 'PATH_UNKNOWN',
  message: `Expected /feeds/<stream>, /latest/<stream>, /clock or /, found ${path}`
})

const unknownStream = (path: string): Refusal => ({
  status: 404,
  code: 'STREAM_UNKNOWN',
  message: `Expected a stream that this feed has, found ${path}`
})

const wrongMethod = (method: string): Refusal => ({
  status: 405,
  code: 'METHOD_NOT_ALLOWED',
  message: `Expected GET or HEAD, found ${method}`,
  headers: { Allow: 'GET, HEAD' }
})

const BODY_REFUSED: Refusal = {
  status: 400,
  code: 'BODY_REFUSED',
  message: 'Expected a request without a body, found one with a body',
  headers: { Connection: 'close' }
}

const accessRefusal = (fault: AccessFault, host: string | undefined): Refusal =>
  fault === 'host'
    ? {
        status: 421,
        code: 'HOST_REFUSED',
        message: `Expected localhost, a loopback address or the configured host as Host, found ${host}: a feed that is open to everybody on this machine answers to no other name`
      }
    : {
        status: 401,
        code: 'NOT_AUTHORIZED',
        message:
          'Expected the token of this feed as Authorization: Bearer <token>, found none or another one',
        headers: { 'WWW-Authenticate': 'Bearer realm="feed"' }
      }

function hasBody({ headers }: IncomingMessage): boolean {
  const length = headers['content-length']
  return (length !== undefined && length !== '0') || headers['transfer-encoding'] !== undefined
}

/** Reads the body of a request that is refused anyway: a sender in mid-sentence would not see the answer. */
function drain(feed: Feed, request: IncomingMessage, ended: () => void): void {
  let bytes = 0
  feed.bodies.add(request.socket)
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes <= feed.limits.bodyBytes || request.socket.destroyed) return
    feed.counts.refused++
    feed.counts.bit('bodyBytes')
    request.socket.destroy()
  })
  request.on('end', () => {
    feed.bodies.delete(request.socket)
    ended()
  })
  request.on('error', () => request.socket.destroy())
}

/** Splits `http://host/path`, as sent to proxies, whose host then counts instead of the header (RFC 9112, 3.2.2). */
function originForm(target: string, header: string | undefined): { path: string; host: string | undefined } {
  const [, host, path = ''] = /^https?:\/\/([^/?#]*)(.*)$/i.exec(target) ?? []
  if (host === undefined) return { path: target, host: header }
  return { host, path: path.startsWith('/') ? path : `/${path}` }
}
