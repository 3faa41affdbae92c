import { request } from 'node:http'
import type { Socket } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import { buildConnector } from 'undici'
import { DeliveryError } from '../errors.js'
import type { Ms } from '../units.js'
import type { HttpProxy } from './proxy.js'

export interface ConnectOptions {
  /** Connecting, through the proxy's answer and the TLS handshake, each within this. */
  readonly timeoutMs: Ms
  readonly tls: ConnectionOptions
  readonly proxy: HttpProxy | null
  /** A raw socket has connected; it may still have a TLS handshake before it. */
  onSocket(socket: Socket): void
}

/**
 * How undici opens a connection for us: it hands over the raw socket for counting, then lays the
 * proxy's tunnel and TLS over it.
 */
export function connector({ timeoutMs, tls, proxy, onSocket }: ConnectOptions): buildConnector.connector {
  const plain = buildConnector({ timeout: timeoutMs })
  const toTarget = buildConnector({ ...tls, timeout: timeoutMs } as buildConnector.BuildOptions)
  // the node's certificate and authorities are for its target, not for the proxy on the way
  const toProxy = buildConnector({ timeout: timeoutMs })
  const raw = (hostname: string, port: string): Promise<Socket> =>
    new Promise((resolve, reject) => {
      plain({ protocol: 'http:', hostname, port }, (error, socket) => {
        if (error) return reject(error)
        onSocket(socket as Socket)
        resolve(socket as Socket)
      })
    })
  const encrypt = (
    secure: buildConnector.connector,
    socket: Socket,
    options: buildConnector.Options
  ): Promise<Socket> =>
    new Promise((resolve, reject) => {
      secure({ ...options, protocol: 'https:', httpSocket: socket }, (error, encrypted) => {
        if (!error) return resolve(encrypted as Socket)
        socket.destroy()
        reject(error)
      })
    })
  const open = async (options: buildConnector.Options): Promise<Socket> => {
    const direct =
      proxy === null ? await raw(options.hostname, portOf(options)) : await viaProxy(proxy, options)
    return options.protocol === 'https:' ? encrypt(toTarget, direct, options) : direct
  }
  const viaProxy = async (to: HttpProxy, options: buildConnector.Options): Promise<Socket> => {
    const { protocol, hostname, port } = to.url
    const host = hostname.replace(/^\[|\]$/g, '')
    const socket = await raw(host, port || (protocol === 'https:' ? '443' : '80'))
    const hop =
      protocol === 'https:'
        ? await encrypt(toProxy, socket, { protocol, hostname: host, host, port: port || '443' })
        : socket
    // a plain request goes to the proxy itself, in absolute form; only encrypted ones need a tunnel
    return options.protocol === 'https:' ? tunnel(hop, to, options, timeoutMs) : hop
  }
  return (options, callback) => {
    open(options).then(
      socket => callback(null, socket),
      (error: Error) => callback(error, null)
    )
  }
}

const portOf = ({ port, protocol }: buildConnector.Options): string =>
  port || (protocol === 'https:' ? '443' : '80')

/** `HttpProxy-Authorization` for a proxy, if it wants one. */
export function proxyHeaders(proxy: HttpProxy): Record<string, string> {
  const username = proxy.username ?? decodeURIComponent(proxy.url.username)
  const password = proxy.password ?? decodeURIComponent(proxy.url.password)
  if (username === '') return {}
  return { 'proxy-authorization': `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` }
}

/** Asks a proxy for a tunnel (RFC 9110 §9.3.6) over `socket`. */
function tunnel(
  socket: Socket,
  proxy: HttpProxy,
  options: buildConnector.Options,
  timeoutMs: Ms
): Promise<Socket> {
  const { hostname } = options
  const authority = `${hostname.includes(':') ? `[${hostname}]` : hostname}:${portOf(options)}`
  return new Promise((resolve, reject) => {
    const asked = request({
      method: 'CONNECT',
      path: authority,
      headers: { host: authority, ...proxyHeaders(proxy) },
      createConnection: () => socket
    })
    const fail = (error: Error) => {
      socket.destroy()
      reject(error)
    }
    const refused = (found: string) =>
      fail(
        new DeliveryError(
          'REQUEST_FAILED',
          `Expected the proxy ${proxy.url.host} to open a tunnel, found ${found}`
        )
      )
    asked.setTimeout(timeoutMs, () =>
      fail(
        new DeliveryError(
          'TIMEOUT',
          `Expected an answer of the proxy ${proxy.url.host} within ${timeoutMs} ms`
        )
      )
    )
    asked.once('connect', answer => {
      asked.setTimeout(0)
      socket.setTimeout(0)
      if (answer.statusCode === 200) resolve(socket)
      else refused(`status ${answer.statusCode}`)
    })
    asked.once('response', answer => refused(`status ${answer.statusCode}`))
    asked.on('error', fail)
    asked.end()
  })
}
