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
