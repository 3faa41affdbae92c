import type { ResponseType } from './content.js'
import { type Cursor, Seen } from './cursor.js'
import { type FoundItem, findItems, type ItemFinders } from './items.js'
import type { Answer, Outgoing } from './poll-run.js'
import { noCursor, type PollAsk, pollHeaders, type Reading, type Start } from './reading.js'

export interface UrlReadingOptions {
  readonly finders: ItemFinders
  readonly responseType: ResponseType
  readonly start: Start
  /** Ask without conditions, and send a message for every poll. */
  readonly every: boolean
}

/** Reads anybody's document: the updates in it that were not there before. */
export function urlReading({ finders, responseType, start, every }: UrlReadingOptions): Reading {
  /** Of the cursor it was made from: a set is dear to build, and one document follows the other. */
  let known: { readonly of: Cursor; readonly seen: Seen } | null = null
  const headers = pollHeaders(every ? () => ({}) : conditions)
  return async ({ run, url, cursor, holdMs }: PollAsk) => {
    const held = cursor ?? noCursor
    const answer = await run.ask(url, headers(held, holdMs), holdMs)
    if (answer.statusCode === 304) {
      run.settle(answer, 'not-modified', [], held)
      return 'empty'
    }
    if (answer.statusCode === 204 || answer.statusCode === 205) {
      run.settle(answer, 'empty', [], held)
      return 'empty'
    }
    const batch = /^application\/cloudevents-batch\+json/i.test(answer.headers['content-type'] ?? '')
    const payload = await run.payload(answer, responseType, finders.items !== null)
    const found = await findItems(payload, finders, batch)
    const isList = finders.items !== null || batch
    const seen = known?.of === held ? known.seen : new Seen(held.seen)
    const byKey = isList || finders.id !== null
    const fresh = freshOf(found, seen, held, byKey)
    const first = cursor === null
    const outgoing = pick(found, fresh, first && start === 'newest' && isList, every)
    const next = validated(answer, held, found, byKey ? seen : new Seen([], 1))
    known = { of: next, seen }
    const updated = outgoing.some(({ duplicate }) => !duplicate)
    run.settle(answer, updated ? 'updated' : 'empty', outgoing, next)
    return updated ? 'updated' : 'empty'
  }
}

function conditions({ etag, lastModified }: Cursor): Record<string, string> {
  return {
    ...(etag === null ? {} : { 'if-none-match': etag }),
    ...(lastModified === null ? {} : { 'if-modified-since': lastModified })
  }
}

/** A document without ids is a state: it may come back to what it was, so only the last one counts as known. */
function freshOf(
  found: readonly FoundItem[],
  seen: Seen,
  held: Cursor,
  byKey: boolean
): readonly FoundItem[] {
  if (!byKey) return found.filter(item => item.key !== held.seen.at(-1))
  const inDocument = new Set<string>()
  return found.filter(({ key }) => {
    if (seen.has(key) || inDocument.has(key)) return false
    inDocument.add(key)
    return true
  })
}

function pick(
  found: readonly FoundItem[],
  fresh: readonly FoundItem[],
  onlyNewest: boolean,
  every: boolean
): readonly Outgoing[] {
  const newest = found.at(-1)
  if (fresh.length > 0)
    return (onlyNewest ? fresh.slice(-1) : fresh).map(item => ({ item, duplicate: false }))
  return every && newest ? [{ item: newest, duplicate: true }] : []
}

/** The cursor after a document: the same object when nothing in it changed, so that nobody stores it again. */
function validated(answer: Answer, held: Cursor, found: readonly FoundItem[], seen: Seen): Cursor {
  const etag = answer.headers.etag ?? null
  const lastModified = answer.headers['last-modified'] ?? null
  const keys = found.map(item => item.key)
  const same =
    held.seen.length >= keys.length &&
    keys.every((key, index) => key === held.seen[held.seen.length - keys.length + index])
  seen.remember(keys)
  if (same && held.etag === etag && held.lastModified === lastModified && held !== noCursor) return held
  return { etag, lastModified, lastId: null, seen: same ? held.seen : seen.list() }
}
