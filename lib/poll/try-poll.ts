import type { Clock } from '../clock.js'
import { asDeliveryError, DeliveryError } from '../errors.js'
import type { Bytes, EpochMs, Ms } from '../units.js'
import type { Find } from '../update/foreign.js'
import type { Batch } from './poll-run.js'
import { Poller } from './poller.js'
import type { PollerOptions, PollTarget } from './poller-options.js'
import { isRedirect } from './redirects.js'

export interface TryPollOptions
  extends Pick<PollerOptions<unknown>, 'clock' | 'random' | 'reading' | 'read' | 'accept' | 'proxy'> {
  /** Within this everything ends: finding the target, redirects, pages. */
  readonly withinMs: Ms
  /** Largest body, on the wire and after inflation. */
  readonly maxBodyBytes: Bytes
  /** Aborted when nobody waits for the result any more. */
  readonly signal: AbortSignal
  target(signal: AbortSignal): PollTarget | Promise<PollTarget>
  headers(): Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>
}

/** What one poll found, whether it went well or not. */
export interface PollTrial {
  /** Null when it went well. */
  readonly error: DeliveryError | null
  /** Of the last answer; null when there was none. */
  readonly statusCode: number | null
  /** Scheme, host and port that were asked last: path and query may hold secrets. */
  readonly origin: string | null
  readonly redirects: number
  /** Of the last answer: those that tell how it can be polled. */
  readonly headers: Readonly<Record<string, string>>
  /** The body of the last answer as it was sent; null when there was none, or it was no success. */
  readonly bodyBytes: Bytes | null
  /** On the wire, all answers together. */
  readonly bytesReceived: Bytes
  readonly ms: Ms
  /** Updates that a poll-source would deliver, had it never polled before. */
  readonly updates: number
  /** The log has more than its first page. */
  readonly more: boolean
  /** The first of them in the order of delivery; null parts are not known. */
  readonly first: {
    readonly id: string | null
    readonly generatedAt: EpochMs | null
    readonly timeZoneMissing: boolean
  } | null
}

/** A page of our log (CONTRACT 1): one is enough to see that it works. */
const PAGE = 100
const LONGEST_HEADER = 200
const TELLING: ReadonlySet<string> = new Set([
  ...['content-type', 'content-length', 'content-encoding', 'etag', 'last-modified', 'cache-control'],
  ...['expires', 'age', 'date', 'vary', 'retry-after', 'www-authenticate', 'allow', 'server', 'feed-gap'],
  ...['ratelimit', 'ratelimit-policy', 'ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset'],
  ...['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'x-poll-interval']
])

/** Polls once, as a poller does that has never polled before, and tells everything about it. Never rejects. */
export async function tryPoll(options: TryPollOptions): Promise<PollTrial> {
  const { clock, signal, withinMs } = options
  const startedAt = clock.now()
  const seen = {
    statusCode: null as number | null,
    origin: null as string | null,
    redirects: 0,
    headers: {},
    bodyBytes: null as Bytes | null,
    bytesReceived: 0,
    updates: 0,
    more: false,
    first: null as PollTrial['first']
  }
  const poller: Poller<object> = new Poller({
    ...options,
    source: 'try',
    sourceName: 'try',
    stream: 'try',
    trigger: 'input',
    intervalMs: withinMs,
    minIntervalMs: withinMs,
    maxIntervalMs: withinMs,
    waitMs: withinMs,
    timeoutMs: withinMs,
    jitter: 0,
    keepAlive: true,
    sameClock: false,
    cursors: {},
    target: async (_request, given) => {
      // one try is one request: the time of the server is none of it
      const { clockUrl: _clockUrl, ...target } = await options.target(given)
      seen.origin = target.url.origin
      return target
    },
    headers: () => options.headers(),
    server: () => null,
    onAnswer({ statusCode, headers, body }, url) {
      Object.assign(seen, { statusCode, origin: url.origin, headers: telling(headers) })
      if (isRedirect(statusCode)) seen.redirects += 1
      seen.bodyBytes = statusCode < 300 ? body.length : null
    },
    onBatch({ updates }: Batch) {
      const [first] = updates
      if (first) {
        const { id, generatedAt, timeZoneMissing = false } = first.delivery
        seen.first ??= { id, generatedAt, timeZoneMissing }
      }
      seen.updates += updates.length
      if (options.read !== 'log' || updates.length < PAGE) return
      seen.more = true
      // ends this poll before the next page is asked for
      throw new DeliveryError('SERVER_CLOSED', 'Expected one page, found more')
    },
    exchangesWanted: () => true,
    onExchange: ({ bytesReceived }) => {
      seen.bytesReceived += bytesReceived
    },
    onCursors: () => {},
    onState: () => {},
    onError: () => {}
  })
  const error = await oneBoundedPoll(poller, clock, withinMs, signal)
  return { ...seen, error: seen.more ? null : error, ms: clock.now() - startedAt }
}

/** The end of one poll, or of its time; whatever still runs then is dropped. */
function oneBoundedPoll(
  poller: Poller<object>,
  clock: Clock,
  withinMs: Ms,
  signal: AbortSignal
): Promise<DeliveryError | null> {
  return new Promise(resolve => {
    const end = (error: DeliveryError | null) => {
      cancel()
      signal.removeEventListener('abort', left)
      resolve(error)
      void poller.close()
    }
    const late = () =>
      end(new DeliveryError('TIMEOUT', `Expected an answer within ${withinMs} ms, found none that was whole`))
    const left = () =>
      end(new DeliveryError('SERVER_CLOSED', 'Expected somebody to wait for it, found nobody'))
    const cancel = clock.at(clock.now() + withinMs, late)
    if (signal.aborted) return left()
    signal.addEventListener('abort', left)
    poller.poll({}).then(
      () => end(null),
      (cause: unknown) => end(asDeliveryError(cause, 'REQUEST_FAILED'))
    )
  })
}

function telling(headers: Readonly<Record<string, string | readonly string[] | undefined>>) {
  const told: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined && TELLING.has(name)) told[name] = String(value).slice(0, LONGEST_HEADER)
  return told
}

/**
 * A finder of a list that counts what it finds and hands on the first ones alone: a document that a user is
 * only trying must not keep this thread busy.
 */
export function firstItems(find: Find, most: number, onCount: (count: number) => void): Find {
  return async payload => {
    const list = await find(payload)
    if (!Array.isArray(list)) return list
    onCount(list.length)
    return list.slice(0, most)
  }
}
