import type { IncomingMessage, ServerResponse } from 'node:http'
import { type FeedQuery, feedQuery } from './feed-query.js'
import type { FeedStream } from './feed-streams.js'
import { hold } from './hold.js'
import { type Body, bodyOf, type Feed, refuse, send } from './http-answer.js'
import type { LogRange, UpdateLog } from './update-log.js'

interface Page {
  readonly from: number
  readonly to: number
  readonly body: Body
}

const EMPTY = '[]'

/** `GET /feeds/<stream>`: pages of the log after a cursor (http-feeds.org), on request held until there is one. */
export class LogResource {
  readonly #feed: Feed
  /** The small page made last of each stream: what all readers that are up to date ask for. */
  readonly #pages = new WeakMap<FeedStream, Page>()
  /** The large page made last: one for the whole server, for its memory. */
  #large: { readonly stream: FeedStream; readonly page: Page } | null = null

  constructor(feed: Feed) {
    this.#feed = feed
  }

  answer(stream: FeedStream, query: string, request: IncomingMessage, response: ServerResponse): void {
    const asked = feedQuery(query)
    if (typeof asked === 'string') {
      refuse(this.#feed, request, response, { status: 400, code: 'PARAMETER_INVALID', message: asked })
      return
    }
    const range = this.#range(stream, asked)
    if (range.to > range.from || asked.timeoutMs === 0 || request.method !== 'GET') {
      this.#send(stream, request, response, range, asked, false)
      return
    }
    hold(this.#feed, stream, request, response, asked.timeoutMs, wake => {
      const now = this.#range(stream, asked)
      if (wake === 'update' && now.to === now.from) return false
      this.#send(stream, request, response, now, asked, true)
      return true
    })
  }

  #range({ log }: FeedStream, { cursor, limit }: FeedQuery): LogRange {
    return log.after(cursor, limit, this.#feed.limits.pageBytes)
  }

  #send(
    stream: FeedStream,
    request: IncomingMessage,
    response: ServerResponse,
    { from, to, kept, gap }: LogRange,
    { limit }: FeedQuery,
    held: boolean
  ): void {
    const { caching } = this.#feed
    const body = from === to ? EMPTY : this.#page(stream, from, to)
    const cache = held ? caching.never : kept && to - from === limit ? caching.fullPage : caching.current
    const headers = {
      'Content-Type': 'application/cloudevents-batch+json',
      'Content-Length': String(body.length),
      'Cache-Control': cache,
      Vary: 'Prefer',
      ...(gap ? { 'Feed-Gap': 'true' } : {})
    }
    send(this.#feed, request, response, 200, headers, body)
  }

  #page(stream: FeedStream, from: number, to: number): Body {
    const last = this.#pages.get(stream)
    if (last?.from === from && last.to === to) return last.body
    const large = this.#large?.stream === stream ? this.#large.page : undefined
    if (large?.from === from && large.to === to) return large.body
    const page = { from, to, body: bodyOf(batch(stream.log, from, to)) }
    if (typeof page.body === 'string') this.#pages.set(stream, page)
    else this.#large = { stream, page }
    return page.body
  }
}

const [OPEN, COMMA, CLOSE] = Buffer.from('[,]')

/** A CloudEvents batch: the kept bodies between brackets. */
function batch(log: UpdateLog, from: number, to: number): Buffer {
  let size = 1 + to - from
  for (let position = from; position < to; position++) size += log.at(position).body.byteLength
  const bytes = Buffer.allocUnsafe(size)
  let offset = 0
  for (let position = from; position < to; position++) {
    bytes[offset++] = (position === from ? OPEN : COMMA) as number
    bytes.set(log.at(position).body, offset)
    offset += log.at(position).body.byteLength
  }
  bytes[offset] = CLOSE as number
  return bytes
}
