import type { NodeAPI } from 'node-red'
import type { BrokerOptions } from '../../lib/broker/broker.js'
import { DeliveryError } from '../../lib/errors.js'
import type { EmbeddedServer } from '../shared/embedded-server.js'
import type { Values } from '../shared/fields.js'
import { listenPermission } from '../shared/listen-permission.js'
import { hostsOf, nearHost } from '../shared/server-address.js'
import type { BrokerEndpoint } from '../shared/server-node.js'
import { serverTls, trustOnly } from '../shared/server-tls.js'
import type { BrokerCredentials } from './credentials.js'
import type { fields } from './fields.js'

/** In front of the body of a PUBLISH: fixed header, packet identifier and the longest topic, 200 characters in UTF-8. */
const PUBLISH_OVERHEAD = 5 + 2 + 2 + 600

/**
 * The embedded broker of a configuration.
 * @throws DeliveryError `CONFIG_INVALID` | `TLS_INVALID`
 */
export function embeddedBroker(
  RED: NodeAPI,
  values: Values<typeof fields>,
  credentials: BrokerCredentials
): EmbeddedServer<BrokerOptions, BrokerEndpoint> {
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
