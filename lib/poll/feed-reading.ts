import { DeliveryError } from '../errors.js'
import { decodeUpdate } from '../update/cloudevents.js'
import { parseUpdateId } from '../update/identity.js'
import { streamPath } from '../update/stream-name.js'
import { type FoundItem, itemOf } from './items.js'
import type { Answer, PollRun } from './poll-run.js'
import { noCursor, type PollAsk, pollHeaders, type Reading, type Start } from './reading.js'

/** The server's own default of `limit` (CONTRACT 1): asked for by saying nothing, so that caches share pages. */
const PAGE = 100

const BATCH = { accept: 'application/cloudevents-batch+json' }

/** Below a base address that may have a path of its own. */
function resource(base: URL, kind: 'latest' | 'feeds', stream: string): URL {
  const url = new URL(base)
  url.pathname = `${base.pathname.replace(/\/$/, '')}/${kind}/${streamPath(stream)}`
  url.search = ''
  return url
}

/** Reads the latest value of a stream from a feed of ours, conditionally. */
export function latestReading(stream: string, every: boolean): Reading {
  let latest: { readonly of: URL; readonly url: URL } | null = null
  const headers = pollHeaders(({ etag }) => (etag === null || every ? {} : { 'if-none-match': etag }))
  return async ({ run, url, cursor, holdMs }: PollAsk) => {
    const held = cursor ?? noCursor
    if (latest?.of !== url) latest = { of: url, url: resource(url, 'latest', stream) }
    const answer = await run.ask(latest.url, headers(held, holdMs), holdMs)
    if (answer.statusCode === 304) {
      run.settle(answer, 'not-modified', [], held)
      return 'empty'
    }
    if (answer.statusCode !== 200) {
      run.settle(answer, 'empty', [], held)
      return 'empty'
    }
    const item = ownItem(await run.payload(answer, 'json', true))
    const next = { ...held, etag: answer.headers.etag ?? null, lastId: item.id }
    if (isHeld(item, held.lastId)) {
      run.settle(answer, 'empty', every ? [{ item, duplicate: true }] : [], { ...next, lastId: held.lastId })
      return 'empty'
    }
    run.settle(answer, 'updated', [{ item, duplicate: false }], next)
    return 'updated'
  }
}

/** Reads every update of a stream from the log of a feed of ours: pages from the cursor until a short one. */
export function logReading(stream: string, start: Start): Reading {
  /** Smaller only while pages are too large for `maxBodyBytes`. */
  let limit = PAGE
  return async ({ run, url, cursor, holdMs }: PollAsk) => {
    let lastId = cursor?.lastId ?? null
    if (cursor === null && start === 'newest') lastId = await newestId(run, resource(url, 'latest', stream))
    let outcome: 'updated' | 'empty' = 'empty'
    for (let hold = holdMs; ; hold = 0) {
      const page = resource(url, 'feeds', stream)
      if (lastId !== null) page.searchParams.set('lastEventId', lastId)
      if (hold > 0) page.searchParams.set('timeout', String(Math.round(hold)))
      if (limit !== PAGE) page.searchParams.set('limit', String(limit))
      const events = await pageOf(run, page, hold).catch((error: unknown) => {
        // a page that is too large: smaller ones from the next poll on
        if (error instanceof DeliveryError && error.code === 'BODY_TOO_LARGE')
          limit = Math.max(1, Math.floor(limit / 4))
        throw error
      })
      const fresh = events.items.filter(item => !isHeld(item, lastId))
      lastId = events.items.at(-1)?.id ?? lastId
      run.settle(
        events.answer,
        fresh.length > 0 ? 'updated' : 'empty',
        fresh.map(item => ({ item, duplicate: false })),
        { ...noCursor, lastId }
      )
      if (fresh.length > 0) outcome = 'updated'
      if (events.items.length < limit) return outcome
    }
  }
}

/** The id to begin behind; null from the beginning. */
async function newestId(run: PollRun, url: URL): Promise<string | null> {
  const answer = await run.ask(url, {}, 0)
  const id = answer.statusCode === 200 ? ownItem(await run.payload(answer, 'json', true)).id : null
  if (id !== null) run.beginBehind(answer)
  run.settle(answer, 'empty', [], { ...noCursor, lastId: id })
  return id
}

async function pageOf(
  run: PollRun,
  url: URL,
  holdMs: number
): Promise<{ readonly answer: Answer; readonly items: readonly FoundItem[] }> {
  const answer = await run.ask(url, BATCH, holdMs)
  if (answer.statusCode !== 200) return { answer, items: [] }
  const list = await run.payload(answer, 'json', true)
  if (!Array.isArray(list))
    throw new DeliveryError(
      'BODY_INVALID',
      `Expected a list of updates from ${url.host}, found ${typeof list}`
    )
  return { answer, items: list.map(ownItem) }
}

/** An update in our envelope. @throws DeliveryError `BODY_INVALID` */
function ownItem(event: unknown): FoundItem {
  const own = decodeUpdate(event)
  if (own) return itemOf(own)
  throw new DeliveryError(
    'BODY_INVALID',
    'Expected an update of a feed (CloudEvents), found JSON of another kind'
  )
}

/** Whether an update is the one held, or an older one of its epoch (a cache, or a log read again from its start). */
function isHeld(item: FoundItem, lastId: string | null): boolean {
  if (lastId === null) return false
  if (item.id === lastId) return true
  const last = parseUpdateId(lastId)
  return last !== null && last.epoch === item.epoch && (item.sequence ?? 0) <= last.sequence
}
