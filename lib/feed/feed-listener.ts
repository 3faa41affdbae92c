import { createServer, type Server, type ServerOptions, STATUS_CODES } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { DeliveryError } from '../errors.js'
import { listenError } from '../thread/listen-error.js'
import type { ServerTls } from '../thread/thread-server.js'
import type { FeedCounts } from './feed-counts.js'
import type { FeedLimitName, FeedLimits } from './feed-limits.js'
import type { Feed, RefusalCode } from './http-answer.js'

/** Above the usual idle time of load balancers (60 s): they, not we, end idle connections. */
const KEEP_ALIVE_MS = 75_000

/**
 * Node's HTTP or HTTPS server with every time-out and size of ours set; it does not listen yet.
 * @throws DeliveryError `TLS_INVALID`
 */
export function createListener(tls: ServerTls | null, limits: FeedLimits): Server {
  const options: ServerOptions = {
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: limits.headerBytes,
    headersTimeout: Math.min(limits.headerMs, limits.requestMs),
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: Math.max(20, Math.min(1000, limits.headerMs / 4))
  }
  if (!tls) return createServer(options)
  if (!tls.key || !tls.cert)
    throw new DeliveryError(
      'TLS_INVALID',
      `Expected a certificate and its private key for TLS, found no ${tls.cert ? 'private key' : 'certificate'}`
    )
  try {
    return createTlsServer({ ...options, ...tls, handshakeTimeout: limits.headerMs })
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause)
    throw new DeliveryError('TLS_INVALID', `Expected a certificate and its private key, found: ${found}`, {
      cause
    })
  }
}

/** Its file descriptor; -1 where there is none (Windows). */
const descriptorOf = (socket: Socket): number =>
  (socket as unknown as { _handle?: { fd?: number } | null })._handle?.fd ?? -1

/**
 * Keeps the open connections of a server; a bad client costs its own connection and nothing else.
 * @param notify - tells people that connections are refused
 */
export function guardConnections(
  server: Server,
  { counts, slow, bodies, limits }: Pick<Feed, 'counts' | 'slow' | 'bodies' | 'limits'>,
  notify: (error: DeliveryError) => void
): ReadonlySet<Socket> {
  const sockets = new Set<Socket>()
  const refused = (limit: FeedLimitName, found: string) => {
    counts.refused++
    counts.bit(limit)
    notify(new DeliveryError('CONNECTION_REFUSED', `${found}: refused`))
  }
  // before Node reads from it
  server.prependListener('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    // a lost connection is no fault of ours; 'close' follows
    socket.on('error', () => socket.destroy())
    if (descriptorOf(socket) <= limits.descriptors) return
    refused(
      'descriptors',
      'Expected fewer open files than this process may have (ulimit -n), found one more connection'
    )
    socket.destroy()
  })
  server.on('drop', () =>
    refused('connections', `Expected at most ${server.maxConnections} connections, found one more`)
  )
  server.on('timeout', (socket: Socket) => slow.idle(socket))
  const told = new WeakSet<Duplex>()
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    // ending a failed handshake is told once more, as an error of its own
    if (told.has(socket)) return
    told.add(socket)
    refuseConnection(error.code, socket, counts, bodies.has(socket) ? 'requestMs' : 'headerMs')
  })
  server.on('connect', (_request, socket: Duplex) => refuseConnection('CONNECT', socket, counts, 'requestMs'))
  return sockets
}

const NO_PROXY = JSON.stringify({
  error: 'METHOD_NOT_ALLOWED' satisfies RefusalCode,
  message: 'Expected GET or HEAD, found CONNECT'
})

function refuseConnection(
  code: string | undefined,
  socket: Duplex,
  counts: FeedCounts,
  timedOut: 'headerMs' | 'requestMs'
): void {
  if (code?.startsWith('ERR_SSL') || code?.startsWith('ERR_TLS')) {
    counts.refused++
    if (code === 'ERR_TLS_HANDSHAKE_TIMEOUT') counts.bit('headerMs')
    socket.destroy()
    return
  }
  if (socket.destroyed) return
  if (code === 'ECONNRESET' || code === 'EPIPE' || !socket.writable) {
    socket.destroy()
    return
  }
  counts.refused++
  if (code === 'HPE_HEADER_OVERFLOW') counts.bit('headerBytes')
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') counts.bit(timedOut)
  const status =
    code === 'HPE_HEADER_OVERFLOW'
      ? 431
      : code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? 408
        : code === 'CONNECT'
          ? 405
          : 400
  const body = status === 405 ? NO_PROXY : ''
  const more = status === 405 ? 'Allow: GET, HEAD\r\nContent-Type: application/json\r\n' : ''
  socket.on('error', () => socket.destroy())
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${more}Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    () => socket.destroy()
  )
}

/**
 * Listens; errors after that go to `onError`.
 * @throws DeliveryError `PORT_IN_USE` | `LISTEN_FAILED`
 */
export function listen(
  server: Server,
  host: string,
  port: number,
  onError: (error: Error) => void
): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error) => reject(listenError(error, { host, port }))
    server.once('error', failed)
    server.listen({ host, port, backlog: 4096 }, () => {
      server.off('error', failed)
      server.on('error', onError)
      resolve()
    })
  })
}
