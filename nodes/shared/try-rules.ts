import type { ConnectionOptions } from 'node:tls'
import type { NodeAPI } from 'node-red'
import { DeliveryError } from '../../lib/errors.js'

/** Saved credentials go where the deployed node sends them, and nowhere else. */
export const credentialsAgain = (address: string): DeliveryError =>
  new DeliveryError(
    'CREDENTIALS_AGAIN',
    `Expected credentials typed anew, because the deployed node does not send the saved ones to ${address} (scheme, host, port, TLS and proxy), found the saved ones`
  )

/** A config node that a dialog has just made is not there yet. @throws DeliveryError `CONFIG_MISSING` */
export function requireDeployed(RED: NodeAPI, id: string, what: string): void {
  if (id !== '' && !RED.nodes.getNode(id))
    throw new DeliveryError(
      'CONFIG_MISSING',
      `Expected a deployed ${what}, found one that is not: deploy, then try again`
    )
}

/** A client's certificate is a saved credential as well: without its key nobody can ask for it. */
export function withoutClientKey(tls: ConnectionOptions | undefined): ConnectionOptions | undefined {
  if (!tls) return undefined
  const { key: _key, cert: _cert, pfx: _pfx, passphrase: _passphrase, ...rest } = tls
  return rest
}
