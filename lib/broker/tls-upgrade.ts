import type { Socket } from 'node:net'
import { createSecureContext, createServer, type TLSSocket } from 'node:tls'
import { DeliveryError } from '../errors.js'
import type { ServerTls } from '../thread/thread-server.js'
import type { Ms } from '../units.js'

interface TlsUpgradeParts {
  readonly tls: ServerTls
  readonly handshakeTimeoutMs: Ms
  onSecure(secure: TLSSocket, socket: Socket): void
  /** A handshake that failed: a plain client on a TLS port, a certificate that the client does not trust… */
  onRefused(error: Error): void
}

/** Checks key and certificate. @throws DeliveryError `TLS_INVALID` */
export function checkTls(tls: ServerTls): void {
  if (!tls.key || !tls.cert)
    throw new DeliveryError(
      'TLS_INVALID',
      `Expected a private key and a certificate, found no ${tls.key ? 'certificate' : 'private key'}`
    )
  try {
    createSecureContext({ ...tls })
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error)
    throw new DeliveryError(
      'TLS_INVALID',
      `Expected a certificate and the private key that belongs to it, found: ${found}`,
      { cause: error }
    )
  }
}

/** Speaks TLS on sockets that something else accepted. */
export function tlsUpgrade({
  tls,
  handshakeTimeoutMs,
  onSecure,
  onRefused
}: TlsUpgradeParts): (socket: Socket) => void {
  const raw = new Map<string, Socket>()
  const server = createServer({ ...tls, handshakeTimeout: handshakeTimeoutMs })
  server.on('tlsClientError', (error: NodeJS.ErrnoException) => {
    // a peer that left or was cut off was not refused here
    if (error.code !== 'ECONNRESET') onRefused(error)
  })
  server.on('secureConnection', secure => {
    const socket = raw.get(peerOf(secure))
    if (socket) onSecure(secure, socket)
    else secure.destroy()
  })
  return socket => {
    const peer = peerOf(socket)
    raw.set(peer, socket)
    socket.once('close', () => {
      if (raw.get(peer) === socket) raw.delete(peer)
    })
    server.emit('connection', socket)
  }
}

const peerOf = ({ remoteAddress, remotePort, localPort }: Socket): string =>
  `${remoteAddress} ${remotePort} ${localPort}`
