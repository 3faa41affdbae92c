import { connect as connectTcp, isIP, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import { createWebSocketStream, WebSocket } from 'ws'
import { DeliveryError } from '../errors.js'
import type { Bytes } from '../units.js'
import type { PushEndpoint } from './endpoint.js'

/** A way to a broker that is being opened: what MQTT speaks through, and the socket whose bytes are counted. */
export interface BrokerSocket {
  /** Takes writes at once; fails by its `error` and `close` events. */
  readonly stream: Duplex
  /** Bytes on the wire: below TLS and WebSocket framing, HTTP upgrade included. */
  bytes(): { readonly sent: Bytes; readonly received: Bytes }
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { mqtt: 1883, mqtts: 8883, ws: 80, wss: 443 }

/**
 * Opens a socket to a broker.
 * @throws DeliveryError `URL_INVALID`; `TLS_INVALID` when Node cannot use the TLS options
 */
export function openBrokerSocket(endpoint: PushEndpoint): BrokerSocket {
  const { scheme, url } = parse(endpoint.url)
  // an IPv6 address stands in brackets in a URL, and without them everywhere else
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const port = Number(url.port || DEFAULT_PORTS[scheme])
  const raw = connectTcp({ host, port, noDelay: true })
  const counted = { bytes: () => ({ sent: raw.bytesWritten ?? 0, received: raw.bytesRead ?? 0 }) }
  try {
    const secured = scheme.endsWith('s') && scheme !== 'ws' ? secure(raw, host, endpoint) : raw
    return { ...counted, stream: scheme.startsWith('ws') ? webSocket(url, secured) : secured }
  } catch (error) {
    raw.destroy()
    throw error
  }
}

function parse(text: string): { scheme: string; url: URL } {
  const scheme = /^(mqtts?|wss?):\/\/./i.exec(text)?.[1]?.toLowerCase()
  const url = scheme !== undefined && URL.canParse(text) ? new URL(text) : null
  if (scheme === undefined || !url?.hostname)
    throw new DeliveryError(
      'URL_INVALID',
      `Expected the URL of a broker, mqtt://, mqtts://, ws:// or wss://, found ${JSON.stringify(text)}`
    )
  return { scheme, url }
}

function secure(raw: Socket, host: string, { tls }: PushEndpoint): Duplex {
  try {
    const secured = connectTls({ ...(isIP(host) ? {} : { servername: host }), host, ...tls, socket: raw })
    // a socket that TLS runs over fails on its own when it cannot connect, and TLS then waits for ever
    raw.on('error', error => secured.destroy(error))
    raw.once('close', () => secured.destroy())
    return secured
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause)
    throw new DeliveryError('TLS_INVALID', `Expected TLS options that work, found: ${found}`, { cause })
  }
}

function webSocket(url: URL, socket: Duplex): Duplex {
  const address = `ws://${url.host}${url.pathname}${url.search}`
  // the socket is already on its way, and already encrypted for wss
  const ws = new WebSocket(address, ['mqtt'], { createConnection: () => socket, perMessageDeflate: false })
  const stream = createWebSocketStream(ws)
  // the stream itself listens to the first error alone
  ws.on('error', error => stream.destroy(error))
  ws.once('close', () => stream.destroy())
  stream.once('close', () => socket.destroy())
  return stream
}
