import { createServer, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { isLoopbackAddress } from '../loopback.js'
import type { Bytes, Ms } from '../units.js'
import { type WebSocketFault, webSocketStream } from './websocket-stream.js'

interface WebSocketUpgradeParts {
  readonly maxMessageBytes: Bytes
  readonly handshakeTimeoutMs: Ms
  /** Refuse requests of web pages from elsewhere (CONTRACT 1). */
  readonly refuseForeignOrigins: boolean
  /** The configured host: its pages are not foreign. */
  readonly host: string
  /** All that a connection may send before it has been let in. */
  readonly maxEarlyBytes: Bytes
  /** @param connection - TCP or TLS, as it was handed in */
  isIn(connection: Duplex): boolean
  onStream(stream: Duplex, connection: Duplex): void
  onRefused(reason: 'foreignOrigin' | 'webSocket' | 'maxConnectBytes' | 'maxPacketBytes'): void
}

/** Speaks WebSocket with subprotocol `mqtt` on connections that something else accepted. */
export function webSocketUpgrade(parts: WebSocketUpgradeParts): (connection: Duplex) => void {
  const { maxMessageBytes, handshakeTimeoutMs, refuseForeignOrigins, host, onStream, onRefused } = parts
  const webSockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: maxMessageBytes,
    perMessageDeflate: false,
    // [MQTT-6.0.0-4]; `mqttv3.1` is what 3.1 clients ask for
    handleProtocols: offered => ['mqtt', 'mqttv3.1'].find(name => offered.has(name)) ?? false
  })
  webSockets.on('wsClientError', () => onRefused('webSocket'))
  const http = createServer({ headersTimeout: handshakeTimeoutMs, requestTimeout: handshakeTimeoutMs })
  http.on('request', (_request, response) => {
    onRefused('webSocket')
    response.writeHead(426, { connection: 'close', 'content-type': 'text/plain', upgrade: 'websocket' })
    response.end('Expected a WebSocket upgrade with subprotocol mqtt\n')
  })
  http.on('clientError', (error: NodeJS.ErrnoException, connection: Duplex) => {
    // a peer that left or was cut off was not refused here
    if (error.code !== 'ECONNRESET') onRefused('webSocket')
    connection.destroy()
  })
  http.on('upgrade', (request: IncomingMessage, connection: Duplex, head: Buffer) => {
    if (refuseForeignOrigins && isForeignOrigin(request.headers.origin, host)) {
      onRefused('foreignOrigin')
      connection.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
      return
    }
    webSockets.handleUpgrade(request, connection, head, socket => {
      let refused = false
      const refuse: typeof onRefused = reason => {
        if (!refused) onRefused(reason)
        refused = true
      }
      limitEarlyBytes(connection, head.length, { ...parts, onRefused: refuse })
      const onFault = (fault: WebSocketFault) => {
        if (fault === 'malformed') refuse('webSocket')
        else refuse(parts.isIn(connection) ? 'maxPacketBytes' : 'maxConnectBytes')
      }
      onStream(webSocketStream(socket, onFault), connection)
    })
  })
  return connection => {
    // between the hands of http and ws nobody listens
    connection.on('error', () => connection.destroy())
    http.emit('connection', connection as Socket)
  }
}

/** `ws` collects a whole message before anyone sees it, up to the size that clients may send once they are in. */
function limitEarlyBytes(
  connection: Duplex,
  already: Bytes,
  { maxEarlyBytes, isIn, onRefused }: WebSocketUpgradeParts
): void {
  let bytes = already
  const count = (chunk: Buffer) => {
    bytes += chunk.length
    const done = isIn(connection)
    if (!done && bytes <= maxEarlyBytes) return
    connection.removeListener('data', count)
    if (done) return
    onRefused('maxConnectBytes')
    connection.destroy()
  }
  connection.on('data', count)
}

/**
 * Whether an `Origin` names a page from elsewhere: any host but a loopback address, `localhost` or `host`, whatever
 * the port. No origin = no web page; `null` (a file, a sandbox) = foreign.
 */
export function isForeignOrigin(origin: string | undefined, host: string): boolean {
  if (origin === undefined) return false
  if (!URL.canParse(origin)) return true
  const name = new URL(origin).hostname.replace(/^\[(.*)\]$/, '$1')
  return name !== 'localhost' && name !== host.toLowerCase() && !isLoopbackAddress(name)
}
