import { DeliveryError } from '../errors.js'
import { ACCEPT_ENCODING } from './content.js'

/** How a source proves who it is. */
export type Authentication =
  | { readonly type: 'none' }
  | { readonly type: 'basic'; readonly username: string; readonly password: string }
  | { readonly type: 'bearer'; readonly token: string }
  | { readonly type: 'header'; readonly header: string; readonly token: string }

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/
/** Framing is ours alone: RFC 9110 §7.6.1, RFC 9112 §6. */
const OURS: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade'
])

/**
 * The headers of one poll, by lower-case name; the user's win over ours.
 * @param custom - as configured; empty values are left out
 * @throws DeliveryError `HEADER_INVALID`
 */
export function requestHeaders(
  accept: string,
  authentication: Authentication,
  custom: Readonly<Record<string, string>>
): Record<string, string> {
  const headers: Record<string, string> = {
    accept,
    'accept-encoding': ACCEPT_ENCODING,
    'user-agent': 'node-red-delivery',
    ...authenticate(authentication)
  }
  for (const [written, value] of Object.entries(custom)) {
    const name = written.trim().toLowerCase()
    if (value === '') continue
    if (!TOKEN.test(name) || OURS.has(name))
      throw new DeliveryError(
        'HEADER_INVALID',
        `Expected the name of a request header, found ${JSON.stringify(written)}`
      )
    headers[name] = value
  }
  for (const [name, value] of Object.entries(headers))
    if (!VALUE.test(value))
      throw new DeliveryError(
        'HEADER_INVALID',
        `Expected a value that HTTP can carry, found another in ${name}`
      )
  return headers
}

function authenticate(authentication: Authentication): Record<string, string> {
  switch (authentication.type) {
    case 'none':
      return {}
    case 'basic': {
      const { username, password } = authentication
      return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` }
    }
    case 'bearer':
      return { authorization: `Bearer ${authentication.token}` }
    case 'header': {
      const name = authentication.header.trim().toLowerCase()
      if (!TOKEN.test(name) || OURS.has(name))
        throw new DeliveryError(
          'HEADER_INVALID',
          `Expected the name of a request header, found ${JSON.stringify(authentication.header)}`
        )
      return { [name]: authentication.token }
    }
  }
}

/** The header of a configured authentication by its own name; '' for none. */
export const secretHeaderOf = (authentication: Authentication): string =>
  authentication.type === 'header' ? authentication.header.trim().toLowerCase() : ''
