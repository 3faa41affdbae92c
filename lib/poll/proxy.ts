import { isIP } from 'node:net'
import { isLoopbackAddress } from '../loopback.js'

/** How requests leave: through this proxy. */
export interface HttpProxy {
  readonly url: URL
  readonly username?: string
  readonly password?: string
}

export interface ProxyOptions {
  /** The proxy chosen at the node; null = by environment variables. */
  readonly configured: (HttpProxy & { readonly except: readonly string[] }) | null
  /** `process.env`, or an extract of it. */
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** Whether a URL's host is this machine's loopback, by its name alone. */
export function isLoopback(url: URL): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return isIP(host) === 0 ? host === 'localhost' || host.endsWith('.localhost') : isLoopbackAddress(host)
}

/** The proxy for a URL, or null to connect straight; never one for loopback. */
export function proxyFor(url: URL, { configured, environment }: ProxyOptions): HttpProxy | null {
  if (isLoopback(url)) return null
  const variable = (name: string) => environment[name] || environment[name.toUpperCase()] || ''
  if (configured) return excepted(url, configured.except) ? null : configured
  if (excepted(url, variable('no_proxy').split(/[,\s]+/))) return null
  const found = variable(`${url.protocol.slice(0, -1)}_proxy`) || variable('all_proxy')
  if (found === '') return null
  const text = found.includes('://') ? found : `http://${found}`
  return URL.canParse(text) ? { url: new URL(text) } : null
}

/**
 * Whether a list exempts a URL: `*` all of them, `host`, `host:port`, and `.domain` or `*.domain` everything below it,
 * as Node-RED's own nodes read NO_PROXY.
 */
function excepted(url: URL, list: readonly string[]): boolean {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  return list.some(entry => {
    const [, pattern = '', onlyPort] = /^(.*?)(?::(\d+))?$/.exec(entry.trim().toLowerCase()) ?? []
    if (pattern === '' || (onlyPort !== undefined && onlyPort !== port)) return false
    if (pattern === '*') return true
    const suffix = pattern.replace(/^\*/, '')
    return suffix.startsWith('.') ? url.hostname.endsWith(suffix) : url.hostname === pattern
  })
}
