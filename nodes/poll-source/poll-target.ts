import type { Node, NodeAPI } from 'node-red'
import { DeliveryError } from '../../lib/errors.js'
import type { PollTarget } from '../../lib/poll/poller-options.js'
import type { Authentication } from '../../lib/poll/request-headers.js'
import type { Message } from '../shared/define-node.js'
import type { Values } from '../shared/fields.js'
import type { FeedEndpoint, FeedNode } from '../shared/server-node.js'
import { feedOf } from '../shared/server-reference.js'
import { clientTls } from '../shared/server-tls.js'
import { serverUrl } from '../shared/server-url.js'
import type { fields } from './fields.js'
import { ownUrl } from './own-http.js'

export interface PollCredentials {
  readonly username?: string
  readonly password?: string
  readonly token?: string
}

/** What a poll-source polls. */
export interface TargetPlan {
  /** The name of its stream; of a URL without one, host and path, of an own path without one, the path. */
  readonly stream: string
  /** Null for a URL. */
  readonly feed: FeedNode | null
  /** The media types that it asks for. */
  readonly accept: string
  /** The server runs in this process. */
  readonly sameClock: boolean
  find(message: Message | undefined, signal: AbortSignal): PollTarget | Promise<PollTarget>
}

/** @throws DeliveryError `CONFIG_MISSING`, `URL_INVALID`, `TLS_INVALID`, `CONFIG_INVALID` */
export function planTarget(
  RED: NodeAPI,
  node: Node<PollCredentials>,
  values: Values<typeof fields>
): TargetPlan {
  const authentication = authenticationOf(values, node.credentials ?? {})
  const tls = clientTls(RED, values.tls)
  if (values.target === 'url') return planUrl(RED, values, authentication, tls)
  const feed = feedOf(RED, values.feed)
  const stream = values.stream || 'updates'
  let last: { readonly of: FeedEndpoint; readonly target: PollTarget } | null = null
  const targetOf = (endpoint: FeedEndpoint): PollTarget => ({
    url: new URL(endpoint.baseUrl),
    resource: `${values.read} ${feed.embedded ? feed.id : endpoint.baseUrl} ${stream}`,
    tls: endpoint.tls ?? tls,
    ...(feed.embedded ? {} : { clockUrl: clockUrl(endpoint.baseUrl) }),
    authentication:
      authentication.type === 'none' && endpoint.token
        ? { type: 'bearer', token: endpoint.token }
        : authentication
  })
  return {
    stream,
    feed,
    accept: 'application/cloudevents+json',
    sameClock: feed.embedded,
    async find(_message, signal) {
      const [endpoint] = await feed.endpoints(signal)
      if (last?.of !== endpoint) last = { of: endpoint, target: targetOf(endpoint) }
      return last.target
    }
  }
}

type Tls = PollTarget['tls']

function planUrl(
  RED: NodeAPI,
  { url, read, trigger, stream, responseType }: Values<typeof fields>,
  authentication: Authentication,
  tls: Tls
): TargetPlan {
  const targetOf = (found: URL, foundTls: Tls): PollTarget => ({
    url: found,
    resource: `${read} ${found.href}`,
    tls: foundTls,
    authentication,
    ...(stream === '' && url === '' ? { stream: streamOf(found) } : {})
  })
  const whole = (text: string) => targetOf(serverUrl(text, ['http:', 'https:']), tls)
  const own = async (path: string) => {
    const found = await ownUrl(RED, path)
    return targetOf(found.url, tls ?? found.tls)
  }
  const accept = responseType === 'json' ? 'application/json' : '*/*'
  const plan = { feed: null, accept, sameClock: url.startsWith('/') }
  // named by its path alone: where this Node-RED listens is not known yet, and may change
  if (url.startsWith('/')) return { ...plan, stream: stream || url.slice(1), find: () => own(url) }
  if (url !== '') {
    const target = whole(url)
    return { ...plan, stream: stream || streamOf(target.url), find: () => target }
  }
  if (trigger !== 'input') throw new DeliveryError('URL_INVALID', 'Expected a URL to poll, found none')
  return {
    ...plan,
    stream: stream || 'url',
    find: message => {
      const given = message?.url
      if (typeof given !== 'string' || given === '')
        throw new DeliveryError(
          'URL_INVALID',
          `Expected a URL in msg.url, found ${JSON.stringify(given) ?? 'none'}`
        )
      return given.startsWith('/') ? own(given) : whole(given)
    }
  }
}

/** Where a feed tells its clock, below a base address that may have a path of its own. */
function clockUrl(baseUrl: string): URL {
  const url = new URL(baseUrl)
  url.pathname = `${url.pathname.replace(/\/$/, '')}/clock`
  url.search = ''
  return url
}

const streamOf = ({ host, pathname }: URL): string => host + pathname.replace(/\/$/, '')

function authenticationOf(
  { authType, authHeader }: Values<typeof fields>,
  { username = '', password = '', token = '' }: PollCredentials
): Authentication {
  switch (authType) {
    case 'none':
      return { type: 'none' }
    case 'basic':
      return { type: 'basic', username, password }
    case 'bearer':
      return { type: 'bearer', token }
    case 'header':
      if (authHeader.trim() === '')
        throw new DeliveryError('CONFIG_INVALID', 'authHeader: expected the name of a header, found none')
      return { type: 'header', header: authHeader, token }
  }
}
