import type { Ms } from '../units.js'
import type { Cursor } from './cursor.js'
import type { PollRun } from './poll-run.js'

/** How one poll asks, and what it makes of the answers. */
export interface PollAsk {
  readonly run: PollRun
  /** Base of the feed, or the URL itself. */
  readonly url: URL
  /** Null before the first answer ever. */
  readonly cursor: Cursor | null
  /** How long the server may hold its answer; 0 = answer at once. */
  readonly holdMs: Ms
}

/** One way of reading; resolves to whether anything new came. Every request that it makes it settles. */
export type Reading = (ask: PollAsk) => Promise<'updated' | 'empty'>

/** Where reading begins when there is no cursor. */
export type Start = 'newest' | 'oldest'

export const noCursor: Cursor = { etag: null, lastModified: null, lastId: null, seen: [] }

/** `Prefer: wait`, in whole seconds (RFC 7240 §4.3). */
export function preferWait(holdMs: Ms): Record<string, string> {
  return holdMs > 0 ? { prefer: `wait=${Math.ceil(holdMs / 1000)}` } : {}
}

/**
 * The headers by which one poll differs from the others: its conditions, and the wait that a long poll prefers.
 * Most polls follow one that found nothing new, and get the same object again.
 * @param conditions - of a cursor, by lower-case name
 */
export function pollHeaders(
  conditions: (cursor: Cursor) => Readonly<Record<string, string>>
): (cursor: Cursor, holdMs: Ms) => Readonly<Record<string, string>> {
  let last: { readonly of: Cursor; readonly holdMs: Ms; readonly made: Record<string, string> } | null = null
  return (cursor, holdMs) => {
    if (last?.of !== cursor || last.holdMs !== holdMs)
      last = { of: cursor, holdMs, made: { ...conditions(cursor), ...preferWait(holdMs) } }
    return last.made
  }
}
