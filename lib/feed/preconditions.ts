/** An entity tag, weak or strong, as it stands in a list (RFC 9110, 8.8.3). */
const ENTITY_TAG = /(?:W\/)?("[\x21\x23-\x7e\x80-\xff]*")/g

/**
 * Whether `If-None-Match` names this entity tag; compared weakly (RFC 9110, 13.1.2): a cache that compresses
 * turns our strong tag into a weak one.
 * @param tag - the strong tag, with its quotes
 */
export function namesTag(ifNoneMatch: string, tag: string): boolean {
  if (ifNoneMatch === tag) return true
  for (const [, opaque] of ifNoneMatch.matchAll(ENTITY_TAG)) if (opaque === tag) return true
  return false
}

/** `If-None-Match: *` stands for whatever there is. */
export const namesAnything = (ifNoneMatch: string): boolean => ifNoneMatch.trim() === '*'

const WAIT = /^wait\s*=\s*(?:"(\d{1,9})"|(\d{1,9}))\s*(?:;|$)/i
const PREFERENCES = /(?:[^,"]|"(?:\\.|[^"\\])*")+/g

/**
 * The seconds of the first `wait` in a `Prefer` header (RFC 7240, 4.3), or null when there is no valid one.
 * @param mostSeconds - a longer wait is shortened to this
 */
export function preferredWait(prefer: string, mostSeconds: number): number | null {
  for (const [preference] of prefer.matchAll(PREFERENCES)) {
    const text = preference.trim()
    if (!/^wait\b/i.test(text)) continue
    const match = WAIT.exec(text)
    // RFC 7240, 2: only the first instance of a preference counts
    return match ? Math.min(Number(match[1] ?? match[2]), mostSeconds) : null
  }
  return null
}
