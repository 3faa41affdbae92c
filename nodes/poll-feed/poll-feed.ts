import type { Node, NodeAPI } from 'node-red'
import type { FeedOptions } from '../../lib/feed/feed-server.js'
import { defineNode } from '../shared/define-node.js'
import { readFields, type Values } from '../shared/fields.js'
import { listenPermission } from '../shared/listen-permission.js'
import { hostsOf, nearHost } from '../shared/server-address.js'
import { type ServerPlan, serverHost } from '../shared/server-host.js'
import type { FeedEndpoint } from '../shared/server-node.js'
import { clientTls, serverTls, trustOnly } from '../shared/server-tls.js'
import { serverUrl } from '../shared/server-url.js'
import { fields } from './fields.js'

interface Credentials {
  readonly token?: string
}

/** The HTTP feed to pull from: embedded, or anywhere by URL. */
export default defineNode('poll-feed', RED => {
  const serve = serverHost<FeedOptions, FeedEndpoint>(RED)
  return {
    // read by the plan: a node with wrong fields must still be one that others can ask
    fields: {},
    credentials: { token: { type: 'password' } },
    settings: { pollFeedListen: { value: 'any', exportable: true } },
    start: (node, _values, config) => serve(node, () => plan(RED, node, readFields(fields, config)))
  }
})

function plan(
  RED: NodeAPI,
  node: Node,
  values: Values<typeof fields>
): ServerPlan<FeedOptions, FeedEndpoint> {
  const { token = '' } = (node as Node<Credentials>).credentials ?? {}
  const credentials = token === '' ? {} : { token }
  if (values.mode === 'external') {
    const url = serverUrl(values.url, ['http:', 'https:'])
    const baseUrl = url.origin + url.pathname.replace(/\/+$/, '')
    const tls = url.protocol === 'https:' ? clientTls(RED, values.tls) : undefined
    return {
      external: {
        endpoints: [{ baseUrl, ...credentials, ...(tls ? { tls } : {}) }],
        urls: [baseUrl],
        openPublisher: null
      }
    }
  }
  const { host, port, anonymous, history, cacheSeconds, maxConnections } = values
  const tls = serverTls(RED, values.tls)
  const trust = tls ? { tls: trustOnly(tls) } : {}
  const scheme = tls ? 'https' : 'http'
  return {
    embedded: {
      file: new URL('../../lib/feed/feed-thread.js', import.meta.url),
      options: {
        host,
        port,
        tls,
        anonymous,
        streams: [],
        last: [],
        token: token || null,
        history,
        cacheSeconds,
        maxConnections
      },
      alwaysOn: values.alwaysOn,
      maxBodyBytes: null,
      permit: () =>
        listenPermission({
          host,
          credentials: token !== '',
          anonymous,
          tls: tls !== null,
          rule: (RED.settings as { pollFeedListen?: unknown }).pollFeedListen,
          setting: 'pollFeedListen'
        }),
      endpoint: address => ({
        baseUrl: `${scheme}://${nearHost(address)}:${address.port}`,
        ...credentials,
        ...trust
      }),
      urls: address => hostsOf(address).map(reached => `${scheme}://${reached}:${address.port}`)
    }
  }
}
