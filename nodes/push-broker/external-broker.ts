import { randomBytes } from 'node:crypto'
import type { NodeAPI } from 'node-red'
import { systemClock } from '../../lib/clock.js'
import { DeliveryError } from '../../lib/errors.js'
import { startPublisher } from '../../lib/push/publisher.js'
import type { ExternalServer } from '../shared/external-server.js'
import type { BrokerEndpoint } from '../shared/server-node.js'
import { clientTls } from '../shared/server-tls.js'
import { serverUrl } from '../shared/server-url.js'
import type { BrokerCredentials } from './credentials.js'

const PROTOCOLS = ['mqtt:', 'mqtts:', 'ws:', 'wss:']

/**
 * A broker, or the nodes of a cluster, somewhere else; credentials go there and nowhere else.
 * @param values - `url`: one or several, comma separated
 * @throws DeliveryError `URL_INVALID` | `TLS_INVALID`
 */
export function externalBroker(
  RED: NodeAPI,
  values: { readonly url: string; readonly tls: string },
  credentials: BrokerCredentials
): ExternalServer<BrokerEndpoint> {
  const urls = values.url
    .split(',')
    .map(text => text.trim())
    .filter(text => text !== '')
    .map(text => serverUrl(text, PROTOCOLS))
  const encrypted = (url: URL) => url.protocol === 'mqtts:' || url.protocol === 'wss:'
  const tls = urls.some(encrypted) ? clientTls(RED, values.tls) : undefined
  const [first, ...others] = urls.map(url => ({
    url: url.href,
    ...credentials,
    ...(tls && encrypted(url) ? { tls } : {})
  }))
  if (!first)
    throw new DeliveryError('URL_INVALID', 'Expected the URL of a broker, as mqtt://host:1883, found none')
  const endpoints = [first, ...others] as const
  return {
    endpoints,
    urls: urls.map(({ href }) => href),
    openPublisher: onError =>
      startPublisher({
        endpoints: async () => endpoints,
        clock: systemClock(),
        random: Math.random,
        // its session is clean: a new name each time, so that no copy of this flow takes over the connection
        clientId: `delivery-${randomBytes(6).toString('hex')}`,
        onState: () => undefined,
        onError
      })
  }
}
