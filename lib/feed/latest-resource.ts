import type { IncomingMessage, ServerResponse } from 'node:http'
import { LONGEST_HOLD } from './feed-query.js'
import type { FeedStream } from './feed-streams.js'
import { hold } from './hold.js'
import { type Body, bodyOf, type Feed, type HeaderFields, send } from './http-answer.js'
import { namesAnything, namesTag, preferredWait } from './preconditions.js'
import type { LogEntry } from './update-log.js'

/** The answers for the newest update of a stream, made once per update. */
interface Prepared {
  readonly entry: LogEntry
  readonly tag: string
  readonly body: Body
  readonly found: HeaderFields
  readonly unchanged: HeaderFields
}

/** `GET /latest/<stream>`: the newest update, conditional, on request held until there is a newer one. */
export class LatestResource {
  readonly #feed: Feed
  readonly #prepared = new WeakMap<FeedStream, Prepared>()
  readonly #nothing: HeaderFields

  constructor(feed: Feed) {
    this.#feed = feed
    this.#nothing = { 'Cache-Control': feed.caching.current, Vary: 'Prefer' }
  }

  answer(stream: FeedStream, request: IncomingMessage, response: ServerResponse): void {
    const { prefer, 'if-none-match': condition } = request.headers
    const asked = prefer === undefined ? null : preferredWait(String(prefer), LONGEST_HOLD / 1000)
    const latest = this.#latest(stream)
    const unchanged = isUnchanged(latest, condition)
    const wait = String(asked)
    if (asked === null || asked === 0 || request.method !== 'GET' || (latest && !unchanged)) {
      this.#send(request, response, latest, unchanged, asked === null ? null : { wait, held: false })
      return
    }
    hold(this.#feed, stream, request, response, asked * 1000, wake => {
      const now = this.#latest(stream)
      // `*` waited for any newer update; a list may name the newer one as well
      const same = now === latest || (now !== null && condition !== undefined && namesTag(condition, now.tag))
      if (wake === 'update' && same) return false
      this.#send(request, response, now, same, { wait, held: true })
      return true
    })
  }

  #latest(stream: FeedStream): Prepared | null {
    const entry = stream.log.newest
    if (!entry) return null
    const known = this.#prepared.get(stream)
    if (known?.entry === entry) return known
    const prepared = this.#prepare(entry)
    this.#prepared.set(stream, prepared)
    return prepared
  }

  #prepare(entry: LogEntry): Prepared {
    const tag = `"${entry.id}"`
    const unchanged = { ETag: tag, ...this.#nothing }
    const found = {
      'Content-Type': 'application/cloudevents+json',
      'Content-Length': String(entry.body.byteLength),
      ...unchanged
    }
    return { entry, tag, body: bodyOf(entry.body), found, unchanged }
  }

  #send(
    request: IncomingMessage,
    response: ServerResponse,
    latest: Prepared | null,
    unchanged: boolean,
    waited: { readonly wait: string; readonly held: boolean } | null
  ): void {
    const plain = latest === null ? this.#nothing : unchanged ? latest.unchanged : latest.found
    const headers = waited ? this.#waited(plain, waited) : plain
    if (latest === null) send(this.#feed, request, response, 204, headers, null)
    else if (unchanged) send(this.#feed, request, response, 304, headers, null)
    else send(this.#feed, request, response, 200, headers, latest.body)
  }

  #waited(headers: HeaderFields, { wait, held }: { wait: string; held: boolean }): HeaderFields {
    const applied = { ...headers, 'Preference-Applied': `wait=${wait}` }
    return held ? { ...applied, 'Cache-Control': this.#feed.caching.never } : applied
  }
}

const isUnchanged = (latest: Prepared | null, condition: string | undefined): boolean =>
  latest !== null && condition !== undefined && (namesTag(condition, latest.tag) || namesAnything(condition))
