import type { Node, NodeAPI } from 'node-red'
import type { BrokerOptions } from '../../lib/broker/broker.js'
import { DeliveryError } from '../../lib/errors.js'
import { defineNode } from '../shared/define-node.js'
import { readFields, type Values } from '../shared/fields.js'
import { listenPermission } from '../shared/listen-permission.js'
import { hostsOf, nearHost } from '../shared/server-address.js'
import { type ServerPlan, serverHost } from '../shared/server-host.js'
import type { BrokerEndpoint } from '../shared/server-node.js'
import { serverTls, trustOnly } from '../shared/server-tls.js'
import { externalBroker } from './external-broker.js'
import { fields } from './fields.js'

/** As people typed them: '' = none. */
export interface BrokerCredentials {
  readonly username?: string
  readonly password?: string
}

/** In front of the body of a PUBLISH: fixed header, packet identifier and the longest topic, 200 characters in UTF-8. */
const PUBLISH_OVERHEAD = 5 + 2 + 2 + 600

/** The MQTT broker to push through: embedded, or any by URL. */
export default defineNode('push-broker', RED => {
  const serve = serverHost<BrokerOptions, BrokerEndpoint>(RED)
  return {
    // read by the plan: a node with wrong fields must still be one that others can ask
    fields: {},
    credentials: { username: { type: 'text' }, password: { type: 'password' } },
    settings: { pushBrokerListen: { value: 'any', exportable: true } },
    start: (node, _values, config) =>
      serve(node, () => {
        const values = readFields(fields, config)
        const credentials = credentialsOf(node)
        return values.mode === 'external'
          ? { external: externalBroker(RED, values, credentials) }
          : { embedded: embeddedBroker(RED, values, credentials) }
      })
  }
})

function credentialsOf(node: Node): BrokerCredentials {
  const { username = '', password = '' } = (node as Node<BrokerCredentials>).credentials ?? {}
  if (username === '' && password !== '')
    // MQTT 3.1.1 has no password without a user name [MQTT-3.1.2-22]
    throw new DeliveryError(
      'CONFIG_INVALID',
      'Expected a user name with the password, found the password alone'
    )
  return username === '' ? {} : { username, password }
}

function embeddedBroker(
  RED: NodeAPI,
  values: Values<typeof fields>,
  credentials: BrokerCredentials
): Extract<ServerPlan<BrokerOptions, BrokerEndpoint>, { embedded: unknown }>['embedded'] {
  const { host, port, wsPort, anonymous, alwaysOn, maxConnections, maxPacketBytes } = values
  if (port !== 0 && port === wsPort)
    throw new DeliveryError(
      'CONFIG_INVALID',
      `Expected two different ports, found ${port} for MQTT and WebSocket`
    )
  const tls = serverTls(RED, values.tls)
  const trust = tls ? { tls: trustOnly(tls) } : {}
  const [mqtt, ws] = tls ? ['mqtts', 'wss'] : ['mqtt', 'ws']
  return {
    file: new URL('../../lib/broker/broker-thread.js', import.meta.url),
    options: {
      host,
      port,
      wsPort,
      tls,
      anonymous,
      streams: [],
      last: [],
      username: credentials.username ?? null,
      password: credentials.password ?? null,
      maxConnections,
      maxPacketBytes
    },
    alwaysOn,
    maxBodyBytes: maxPacketBytes - PUBLISH_OVERHEAD,
    permit: () =>
      listenPermission({
        host,
        credentials: credentials.username !== undefined,
        anonymous,
        tls: tls !== null,
        rule: (RED.settings as { pushBrokerListen?: unknown }).pushBrokerListen,
        setting: 'pushBrokerListen'
      }),
    endpoint: address => ({
      url: `${mqtt}://${nearHost(address)}:${address.port}`,
      ...credentials,
      ...trust
    }),
    urls: address =>
      hostsOf(address).flatMap(reached => [
        `${mqtt}://${reached}:${address.port}`,
        ...(address.wsPort === null ? [] : [`${ws}://${reached}:${address.wsPort}`])
      ])
  }
}
