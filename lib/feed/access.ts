import { createHash, timingSafeEqual } from 'node:crypto'
import { DeliveryError } from '../errors.js'
import { isLoopbackAddress } from '../loopback.js'

/** Who may use a feed. */
export interface AccessOptions {
  /** The configured host; its name is never foreign. */
  readonly host: string
  /** Null = none set. */
  readonly token: string | null
  readonly anonymous: boolean
}

/** Why a request is refused. */
export type AccessFault = 'host' | 'token'

/** Decides on one request by its `Host` and its `Authorization`. */
export type AccessGuard = (host: string | undefined, authorization: string | undefined) => AccessFault | null

/**
 * Without credentials a feed listens on loopback only, unless it is told to let everybody in.
 * @throws DeliveryError `CREDENTIALS_REQUIRED`
 */
export function checkExposure({ host, token, anonymous }: AccessOptions, loopback: boolean): void {
  if (loopback || token !== null || anonymous) return
  throw new DeliveryError(
    'CREDENTIALS_REQUIRED',
    `Expected a token, or anonymous access allowed on purpose, to listen on ${host}, found neither: set a token, or use host 127.0.0.1`
  )
}

/**
 * The guard of one server.
 * @param loopback - whether it listens on loopback only: then a web page must not reach it by a name of its own
 * that it points here (DNS rebinding), so a foreign `Host` is refused while anonymous clients are let in
 */
export function accessGuard({ host, token, anonymous }: AccessOptions, loopback: boolean): AccessGuard {
  // clients send a token beyond ASCII as UTF-8 or as latin1: HTTP has no rule for it
  const expected = token === null ? null : [digest(token, 'utf8'), digest(token, 'latin1')]
  const checksHost = loopback && (token === null || anonymous)
  const ownName = hostName(host.includes(':') ? `[${host}]` : host)
  let lastGood: string | undefined
  return (authority, given) => {
    if (checksHost && authority !== lastGood) {
      if (authority !== undefined && isForeign(authority, ownName)) return 'host'
      lastGood = authority
    }
    if (expected === null) return null
    if (given === undefined) return anonymous ? null : 'token'
    const [, bearer] = /^bearer +(.+)$/i.exec(given) ?? []
    if (bearer === undefined) return 'token'
    const found = digest(bearer, 'latin1')
    return expected.filter(digest => timingSafeEqual(found, digest)).length > 0 ? null : 'token'
  }
}

/** Of equal length for every input, so that comparing takes the same time for every input. */
const digest = (text: string, encoding: 'utf8' | 'latin1'): Buffer =>
  createHash('sha256').update(text, encoding).digest()

function isForeign(authority: string, ownName: string | null): boolean {
  const name = hostName(authority)
  if (name === null) return true
  return name !== 'localhost' && name !== ownName && !isLoopbackAddress(name.replace(/^\[(.*)\]$/, '$1'))
}

/** The host name of a `Host` field, in lower case and without port, addresses in their usual form; null = none. */
function hostName(authority: string): string | null {
  if (/[/?#@\\]/.test(authority)) return null
  try {
    return new URL(`http://${authority}`).hostname.replace(/\.$/, '')
  } catch {
    // not a host at all
    return null
  }
}
