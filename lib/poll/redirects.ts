import { DeliveryError } from '../errors.js'

/** What one hop asks for. */
export interface Hop {
  readonly url: URL
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  /** On the configured origin ever since: only then do credentials and the client's certificate go along. */
  readonly trusted: boolean
}

/**
 * The first hop of each poll: while polls ask the same, it is the same object.
 * @param headers - of every poll, by lower-case name; what a poll adds of its own wins
 */
export function hopMaker(
  headers: Readonly<Record<string, string>>
): (url: URL, own: Readonly<Record<string, string>>) => Hop {
  let last: { readonly own: Readonly<Record<string, string>>; readonly hop: Hop } | null = null
  return (url, own) => {
    if (last?.hop.url !== url || last.own !== own)
      last = { own, hop: { url, headers: { ...headers, ...own }, trusted: true } }
    return last.hop
  }
}

const STATUSES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])
const LIMIT = 5
/** Names of headers that carry a secret. */
const SECRET =
  /^(?:authorization|proxy-authorization|cookie2?)$|api-?key|token|secret|passw|signature|[-_]auth|^auth/

/** Whether a status asks to look elsewhere (RFC 9110 §15.4). */
export const isRedirect = (statusCode: number): boolean => STATUSES.has(statusCode)

/**
 * The next hop of a redirect. Across origins credentials are dropped, for good.
 * @param hops - redirects followed before this one
 * @param secretHeader - the configured authentication header, lower case; '' for none
 * @throws DeliveryError `TOO_MANY_REDIRECTS`, `REDIRECT_INVALID`
 */
export function nextHop(hop: Hop, location: string | undefined, hops: number, secretHeader: string): Hop {
  if (hops >= LIMIT)
    throw new DeliveryError(
      'TOO_MANY_REDIRECTS',
      `Expected at most ${LIMIT} redirects, found one more at ${hop.url.href}`
    )
  const url =
    location === undefined || !URL.canParse(location, hop.url.href) ? null : new URL(location, hop.url)
  if (url === null)
    throw new DeliveryError(
      'REDIRECT_INVALID',
      `Expected a redirect with a Location, found ${location === undefined ? 'none' : `"${location}"`}`
    )
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new DeliveryError(
      'REDIRECT_INVALID',
      `Expected a redirect to http: or https:, found ${url.protocol}`
    )
  if (hop.url.protocol === 'https:' && url.protocol === 'http:')
    throw new DeliveryError(
      'REDIRECT_INVALID',
      `Expected a redirect that stays on https:, found ${url.origin}, which is not encrypted`
    )
  url.username = ''
  url.password = ''
  if (url.origin === hop.url.origin) return { ...hop, url }
  const headers = Object.fromEntries(
    Object.entries(hop.headers).filter(
      ([name]) => name !== 'host' && name !== secretHeader && !SECRET.test(name)
    )
  )
  return { url, headers, trusted: false }
}
