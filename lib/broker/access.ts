import { createHash, timingSafeEqual } from 'node:crypto'

/** Who may connect. */
export interface AccessOptions {
  readonly username: string | null
  readonly password: string | null
  /** Let in clients without credentials as well. */
  readonly anonymous: boolean
}

export type Verdict = 'allowed' | 'missing' | 'wrong'

/** Whether credentials are set at all. */
export const hasCredentials = ({ username, password }: AccessOptions): boolean =>
  Boolean(username) || Boolean(password)

/** Whether a client without credentials is let in (CONTRACT 1). */
export const admitsAnonymous = (options: AccessOptions): boolean =>
  options.anonymous || !hasCredentials(options)

/**
 * Judges the user name and password of a CONNECT, either of which may be absent (null, undefined).
 * Compares digests in constant time, so that neither the length nor the first wrong character shows.
 */
export function createAccess(
  options: AccessOptions
): (username: string | null | undefined, password: Uint8Array | null | undefined) => Verdict {
  const wantedName = digest(options.username ?? '')
  const wantedPassword = digest(options.password ?? '')
  return (username, password) => {
    if (!hasCredentials(options)) return 'allowed'
    if (!username && !password?.length) return options.anonymous ? 'allowed' : 'missing'
    const nameFits = timingSafeEqual(digest(username ?? ''), wantedName)
    const passwordFits = timingSafeEqual(digest(password ?? ''), wantedPassword)
    return nameFits && passwordFits ? 'allowed' : 'wrong'
  }
}

const digest = (secret: string | Uint8Array): Buffer => createHash('sha256').update(secret).digest()
