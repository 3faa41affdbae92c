import type { Node, NodeAPI } from 'node-red'
import { DeliveryError } from '../../lib/errors.js'
import { type HttpProxy, proxyFor } from '../../lib/poll/proxy.js'

/** Node-RED's core `http proxy`. */
interface ProxyNode extends Node<{ readonly username?: string; readonly password?: string }> {
  readonly url: string
  readonly noproxy?: readonly string[]
}

/**
 * The proxy of each URL: by the core `http proxy` node, or by the usual environment variables.
 * @param id - '' = by environment
 * @throws DeliveryError `CONFIG_MISSING`, `URL_INVALID`
 */
export function proxyRule(RED: NodeAPI, id: string): (url: URL) => HttpProxy | null {
  const environment = process.env
  if (id === '') return url => proxyFor(url, { configured: null, environment })
  const node = RED.nodes.getNode(id) as ProxyNode | null
  if (node?.type !== 'http proxy')
    throw new DeliveryError(
      'CONFIG_MISSING',
      `Expected an http proxy configuration, found no node ${id} of that type`
    )
  if (!URL.canParse(node.url))
    throw new DeliveryError('URL_INVALID', `Expected the URL of a proxy, found "${node.url}"`)
  const { username, password } = node.credentials ?? {}
  const configured = {
    url: new URL(node.url),
    ...(username ? { username, password: password ?? '' } : {}),
    except: node.noproxy ?? []
  }
  return url => proxyFor(url, { configured, environment })
}
