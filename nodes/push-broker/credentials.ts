import type { Node } from 'node-red'
import { DeliveryError } from '../../lib/errors.js'

/** As people typed them: '' = none. */
export interface BrokerCredentials {
  readonly username?: string
  readonly password?: string
}

/**
 * The credentials of a node, without empty ones.
 * @throws DeliveryError `CONFIG_INVALID`
 */
export function credentialsOf(node: Node): BrokerCredentials {
  const { username = '', password = '' } = (node as Node<BrokerCredentials>).credentials ?? {}
  if (username === '' && password !== '')
    // MQTT 3.1.1 has no password without a user name [MQTT-3.1.2-22]
    throw new DeliveryError(
      'CONFIG_INVALID',
      'Expected a user name with the password, found the password alone'
    )
  return username === '' ? {} : { username, password }
}
