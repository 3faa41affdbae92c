import type { IncomingHttpHeaders } from 'node:http'
import { STATUS_CODES } from 'node:http'
import { asDeliveryError, DeliveryError } from '../errors.js'
import type { EpochMs, Ms } from '../units.js'
import type { Delivery } from '../update/delivery.js'
import type { Outcome } from '../update/exchange.js'
import type { RawAnswer } from './client.js'
import { answerClock } from './clock-offset.js'
import { decodeContent, parseContent, type ResponseType } from './content.js'
import type { Cursor } from './cursor.js'
import type { FoundItem } from './items.js'
import { deadlineError } from './poll-errors.js'
import type { PollOccasion, PollPlan, PollRunOptions } from './poll-plan.js'
import { type Hop, isRedirect, nextHop } from './redirects.js'
import { retryAfter } from './retry-after.js'
import type { OpenRequest } from './tally.js'

/** What a poll's messages say about the answer that brought them. */
export interface AnswerFacts {
  readonly statusCode: number
  readonly headers: IncomingHttpHeaders
  /** Where the answer came from, after redirects. */
  readonly responseUrl: string
}

/** What one request brought; its deliveries leave before its exchange. */
export interface Batch extends AnswerFacts {
  readonly exchangeId: string
  readonly updates: readonly { readonly delivery: Delivery; readonly payload: unknown }[]
}

/** An answer that a reading has yet to settle. */
export interface Answer {
  readonly statusCode: number
  readonly headers: IncomingHttpHeaders
  readonly url: URL
  readonly raw: RawAnswer
}

/** One item on its way out; a duplicate was delivered before. */
export interface Outgoing {
  readonly item: FoundItem
  readonly duplicate: boolean
}

/** Sees every answer as it came, redirects and failures included. */
export type OnAnswer = (answer: RawAnswer, url: URL) => void

/** What failed, and what is known of the answer that failed. */
export interface Failure {
  readonly error: DeliveryError
  readonly answer: AnswerFacts | null
  /** When the server allows the next request; null unless it asked to wait. */
  readonly retryAt: EpochMs | null
}

/**
 * One poll: as many requests as its reading asks for (pages) and the server sends it through (redirects),
 * each an exchange of its own.
 */
export class PollRun {
  readonly #options: PollRunOptions
  readonly #plan: PollPlan
  readonly #occasion: PollOccasion
  #open: OpenRequest | null = null
  #raw: RawAnswer | null = null
  #url: URL | null = null
  #requests = 0
  #aborted: DeliveryError | null = null
  readonly #firstAnswered: boolean

  constructor(options: PollRunOptions, plan: PollPlan, occasion: PollOccasion) {
    this.#options = options
    this.#plan = plan
    this.#occasion = occasion
    this.#firstAnswered = !options.tally.answered
  }

  /** Gives the poll up: the request under way fails with `reason`, and so does every further one. */
  abort(reason: DeliveryError): void {
    this.#aborted = reason
    this.#options.client.abort(reason)
  }

  /** Its time is up: gives it up, and says what it was waiting for. */
  expire(): void {
    const { client, timeoutMs } = this.#options
    this.abort(deadlineError(timeoutMs, client.awaited))
  }

  /**
   * Asks and follows redirects.
   * @param extra - headers of this request alone
   * @param holdMs - how long the server may hold the answer back
   * @throws DeliveryError
   */
  async ask(url: URL, extra: Readonly<Record<string, string>>, holdMs: Ms): Promise<Answer> {
    const { client, timeoutMs, onAnswer } = this.#options
    const { firstHop, secretHeader, tls } = this.#plan
    let hop: Hop = firstHop(url, extra)
    for (let hops = 0; ; hops += 1) {
      if (this.#aborted) throw this.#aborted
      this.#begin(hop.url)
      const raw = await client.get(hop, tls, holdMs + timeoutMs)
      this.#raw = raw
      onAnswer?.(raw, hop.url)
      const { statusCode } = raw
      if (!isRedirect(statusCode)) return this.#checked(raw, hop.url)
      const { location } = raw.headers
      hop = nextHop(hop, location, hops, secretHeader)
      this.#options.tally.answer()
      this.#end('empty', 0)
    }
  }

  /** The payload of an answer. @throws DeliveryError `BODY_INVALID`, `BODY_TOO_LARGE` */
  async payload({ raw }: Answer, type: ResponseType, needsJson: boolean): Promise<unknown> {
    const { 'content-encoding': encoding, 'content-type': contentType = '' } = raw.headers
    const { maxBodyBytes } = this.#options
    const body = encoding === undefined ? raw.body : await decodeContent(raw.body, encoding, maxBodyBytes)
    return parseContent(body, contentType, type, needsJson)
  }

  /** The answer only says behind which update to begin: what was generated on the way to it is before this run. */
  beginBehind({ raw }: Answer): void {
    this.#options.tally.answer(raw.endedAt)
  }

  /** The end of one request: keeps the cursor, sends what it brought, then its exchange. */
  settle(
    answer: Answer,
    outcome: 'updated' | 'empty' | 'not-modified',
    outgoing: readonly Outgoing[],
    cursor: Cursor
  ): void {
    this.#options.tally.answer()
    this.#occasion.onCursor(cursor)
    if (outgoing.length > 0) {
      const exchangeId = this.#open?.id ?? ''
      const { statusCode, headers, url, raw } = answer
      const updates = outgoing.map(({ item, duplicate }) => ({
        payload: item.payload,
        delivery: this.#delivery(item, duplicate, exchangeId, raw.endedAt)
      }))
      this.#occasion.onBatch({ exchangeId, statusCode, headers, responseUrl: url.href, updates })
    }
    this.#end(outcome, outgoing.filter(({ duplicate }) => !duplicate).length)
  }

  /** Ends what is open because of `cause`, as an exchange of its own kind. */
  fail(cause: unknown): Failure {
    const error = asDeliveryError(cause, 'REQUEST_FAILED')
    const raw = this.#raw
    const retryAt = raw && error.code === 'RETRY_AFTER' ? retryInstant(raw) : null
    const answer =
      raw && this.#url
        ? { statusCode: raw.statusCode, headers: raw.headers, responseUrl: this.#url.href }
        : null
    const outcome =
      error.code === 'TIMEOUT' ? 'timeout' : error.code === 'RETRY_AFTER' ? 'throttled' : 'error'
    this.#end(outcome, 0, error)
    return { error, answer, retryAt }
  }

  /** Ends what is open because we stopped it: it cost a request and brought nothing. */
  stop(): void {
    this.#end('empty', 0)
  }

  #begin(url: URL): void {
    this.#url = url
    this.#raw = null
    const first = this.#requests === 0
    this.#open = this.#options.tally.request(this.#plan.stream, first ? this.#occasion.dueAt : null, first)
    this.#requests += 1
  }

  #checked(raw: RawAnswer, url: URL): Answer {
    const { statusCode, headers } = raw
    if (statusCode < 300 || statusCode === 304) return { statusCode, headers, url, raw }
    const found = `${statusCode} ${STATUS_CODES[statusCode] ?? ''}`.trim()
    const until = retryInstant(raw)
    if (until !== null)
      throw new DeliveryError(
        'RETRY_AFTER',
        `Expected an answer from ${url.host}, found ${found} and Retry-After: ${headers['retry-after']}`
      )
    throw new DeliveryError('HTTP_STATUS', `Expected 200 from ${url.origin}${url.pathname}, found ${found}`)
  }

  #delivery(item: FoundItem, duplicate: boolean, exchangeId: string, receivedAt: EpochMs): Delivery {
    const { source, sourceName, read, tally, serverClock } = this.#options
    const { generatedAt } = item
    const clock = serverClock()
    return {
      model: 'pull',
      source,
      sourceName,
      stream: this.#plan.stream,
      read,
      exchangeId,
      id: item.id,
      epoch: item.epoch,
      sequence: item.sequence,
      generatedAt,
      receivedAt,
      latencyMs: generatedAt === null ? null : receivedAt - generatedAt,
      value: item.value,
      subject: item.subject,
      retained: false,
      // without a time: what the first answer holds was there before it
      catchUp:
        generatedAt === null ? this.#firstAnswered : generatedAt - (clock?.offsetMs ?? 0) < tally.since,
      duplicate,
      ...(item.timeZoneMissing ? { timeZoneMissing: true } : {}),
      ...(clock ? { clock } : {}),
      since: tally.since
    }
  }

  #end(outcome: Outcome, updates: number, error: DeliveryError | null = null): void {
    const open = this.#open
    if (!open) return
    this.#open = null
    const { clock, tally } = this.#options
    const raw = this.#raw
    tally.end(open, {
      outcome,
      endedAt: raw?.endedAt ?? clock.now(),
      statusCode: raw?.statusCode ?? null,
      code: error?.code ?? null,
      updates,
      clock: tally.exchangesWanted ? answerClock(raw, this.#options) : null
    })
  }
}

/** How a poll failed that may not even have begun. */
export const failureOf = (run: PollRun | null, cause: unknown): Failure =>
  run?.fail(cause) ?? { error: asDeliveryError(cause, 'REQUEST_FAILED'), answer: null, retryAt: null }

/** Only 429 and 503 ask to come later (RFC 6585 §4, RFC 9110 §15.6.4). */
function retryInstant({ statusCode, headers, endedAt }: RawAnswer): EpochMs | null {
  if (statusCode !== 429 && statusCode !== 503) return null
  const date = typeof headers.date === 'string' ? headers.date : undefined
  return retryAfter(headers['retry-after'], date, endedAt)
}
