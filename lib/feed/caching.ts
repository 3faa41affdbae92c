/** `Cache-Control` of each kind of answer. */
export interface Caching {
  /** The latest value, a page that may grow, the list of streams. */
  readonly current: string
  /** A full page after a kept cursor: the same for ever. */
  readonly fullPage: string
  /** An answer that was held, and times: no use to anybody else. */
  readonly never: string
  /** A refusal: may be over with the next request. */
  readonly refusal: string
}

/**
 * The caching rules of one server.
 * @param cacheSeconds - how long caches may answer for it; 0 = they must ask
 * @param secret - a token is set: answers belong to its holder
 */
export function cachingRules(cacheSeconds: number, secret: boolean): Caching {
  if (secret) {
    const all = 'private, no-store'
    return { current: all, fullPage: all, never: all, refusal: all }
  }
  return {
    current: cacheSeconds > 0 ? `public, max-age=${cacheSeconds}` : 'no-cache',
    fullPage: 'public, max-age=31536000, immutable',
    never: 'no-store',
    refusal: 'no-cache'
  }
}
