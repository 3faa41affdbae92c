/** What a request takes from its URL. */
export interface UrlParts {
  readonly origin: string
  /** Path and query. */
  readonly path: string
}

const known = new WeakMap<URL, UrlParts>()

/** Parts of a URL that nobody changes any more: its getters are dear, and a poller asks the same one over and over. */
export function urlParts(url: URL): UrlParts {
  let parts = known.get(url)
  if (!parts) {
    parts = { origin: url.origin, path: url.pathname + url.search }
    known.set(url, parts)
  }
  return parts
}
