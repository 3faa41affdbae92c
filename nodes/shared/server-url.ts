import { DeliveryError } from '../../lib/errors.js'

/**
 * The address of an external server.
 * @param protocols - with their colon
 * @throws DeliveryError `URL_INVALID`
 */
export function serverUrl(text: string, protocols: readonly string[]): URL {
  const expected = `Expected a URL that starts with ${protocols.map(protocol => `${protocol}//`).join(' or ')}`
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !protocols.includes(url.protocol) || url.hostname === '')
    throw new DeliveryError('URL_INVALID', `${expected}, found "${text}"`)
  if (url.username || url.password)
    throw new DeliveryError(
      'URL_INVALID',
      `Expected a URL without user name and password (they have fields of their own), found both in one for ${url.host}`
    )
  return url
}
