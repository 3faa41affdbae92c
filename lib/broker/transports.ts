import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { ServerTls } from '../thread/thread-server.js'
import type { Bytes } from '../units.js'
import type { BrokerLimits } from './limits.js'
import type { Tally } from './tally.js'
import { checkTls, tlsUpgrade } from './tls-upgrade.js'
import { webSocketUpgrade } from './websocket-upgrade.js'

interface TransportsParts {
  readonly tls: ServerTls | null
  readonly host: string
  readonly maxPacketBytes: Bytes
  readonly limits: BrokerLimits
  readonly refuseForeignOrigins: boolean
  readonly tally: Tally
  /** Whether the client on a socket has been let in. */
  isIn(socket: Socket): boolean
  /** Speaks MQTT on `stream`, which runs over `socket`. */
  serve(stream: Duplex, socket: Socket): void
}

/** What an accepted socket goes through before MQTT is spoken on it. */
export interface Transports {
  readonly tcp: (socket: Socket) => void
  readonly webSocket: (socket: Socket) => void
}

/** Several packets may share one WebSocket message. */
const PACKETS_A_MESSAGE: Bytes = 65_536

/** @throws DeliveryError `TLS_INVALID` */
export function openTransports(parts: TransportsParts): Transports {
  const { tls, host, maxPacketBytes, limits, refuseForeignOrigins, tally, isIn, serve } = parts
  if (tls) checkTls(tls)
  const secured = (onSecure: (connection: Duplex, socket: Socket) => void) =>
    tls
      ? tlsUpgrade({
          tls,
          handshakeTimeoutMs: limits.connectTimeoutMs,
          onSecure,
          onRefused: () => tally.add('tlsHandshake')
        })
      : (socket: Socket) => onSecure(socket, socket)

  const sockets = new WeakMap<Duplex, Socket>()
  const upgrade = webSocketUpgrade({
    maxMessageBytes: maxPacketBytes + PACKETS_A_MESSAGE,
    handshakeTimeoutMs: limits.connectTimeoutMs,
    maxEarlyBytes: limits.maxConnectBytes,
    refuseForeignOrigins,
    host,
    isIn(connection) {
      const socket = sockets.get(connection)
      return socket !== undefined && isIn(socket)
    },
    onStream(stream, connection) {
      const socket = sockets.get(connection)
      if (socket) serve(stream, socket)
      else stream.destroy()
    },
    onRefused: reason => tally.add(reason)
  })
  return {
    tcp: secured(serve),
    webSocket: secured((connection, socket) => {
      sockets.set(connection, socket)
      upgrade(connection)
    })
  }
}
