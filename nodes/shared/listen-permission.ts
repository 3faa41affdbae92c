import { DeliveryError } from '../../lib/errors.js'
import { isLoopbackHost } from '../../lib/loopback.js'
import type { ServerAccess } from './server-admin.js'

/** What decides whether a server may listen. */
export interface ListenRequest extends Omit<ServerAccess, 'loopback'> {
  readonly host: string
  /** The administrator's rule in `settings.js`; absent = any. */
  readonly rule: unknown
  /** The name of that rule: `pushBrokerListen`. */
  readonly setting: string
}

/**
 * Whether a server may listen there, and who reaches it then (CONTRACT 1, Who may connect).
 * @throws DeliveryError `FORBIDDEN_BY_SETTINGS` | `CREDENTIALS_REQUIRED`
 */
export async function listenPermission(request: ListenRequest): Promise<ServerAccess> {
  const { host, rule = 'any', setting, credentials, anonymous, tls } = request
  const forbid = (expected: string) =>
    new DeliveryError('FORBIDDEN_BY_SETTINGS', `Expected ${expected} (${setting} in settings.js)`)
  // a misspelt rule must not open what its author meant to close
  if (rule !== 'off' && rule !== 'loopback' && rule !== 'any')
    throw forbid(`'off', 'loopback' or 'any' as the administrator's rule, found ${JSON.stringify(rule)}`)
  if (rule === 'off') throw forbid('no embedded server, found one')
  const loopback = await isLoopbackHost(host)
  if (rule === 'loopback' && !loopback)
    throw forbid(`an embedded server on this machine only (127.0.0.1), found host ${host}`)
  if (!loopback && !credentials && !anonymous)
    throw new DeliveryError(
      'CREDENTIALS_REQUIRED',
      `Expected credentials, or anonymous access allowed, because others can reach ${host}, found neither`
    )
  return { loopback, credentials, anonymous, tls }
}
