import type { IncomingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import { isDeepStrictEqual } from 'node:util'
import { Client, type Dispatcher } from 'undici'
import type { Clock } from '../clock.js'
import { DeliveryError } from '../errors.js'
import type { Bytes, EpochMs, Ms } from '../units.js'
import { AnswerHandler, type Awaited } from './answer-handler.js'
import { connector, proxyHeaders } from './connect.js'
import type { HttpProxy } from './proxy.js'
import type { Hop } from './redirects.js'
import { urlParts } from './url-parts.js'
import type { Wire } from './wire.js'

/** One answer as it came over the wire, its body still encoded. */
export interface RawAnswer {
  readonly statusCode: number
  readonly headers: IncomingHttpHeaders
  /** Empty unless the status is a success: of other answers it is read and thrown away. */
  readonly body: Buffer
  readonly startedAt: EpochMs
  /** When its headers arrived. */
  readonly headersAt: EpochMs
  /** When its last byte arrived. */
  readonly endedAt: EpochMs
}

export interface HttpClientOptions {
  readonly clock: Clock
  readonly wire: Wire
  readonly keepAlive: boolean
  /** How long an idle connection stays open, unless the server names less. */
  readonly idleMs: Ms
  readonly connectTimeoutMs: Ms
  /** Largest pause within a body. */
  readonly bodyTimeoutMs: Ms
  /** Cap on the wire. */
  readonly maxBodyBytes: Bytes
  proxy(url: URL): HttpProxy | null
}

/** What polls are carried by: an HTTP client, or what stands for one. */
export type HttpCarrier = Pick<HttpClient, 'get' | 'awaited' | 'abort' | 'close'>

/** Connections to one origin, and what they were opened with. */
interface Origin {
  readonly key: string
  readonly client: Client
  readonly tls: ConnectionOptions | undefined
  readonly sockets: Set<Socket>
  readonly proxy: HttpProxy | null
  /** Requests answered on the present connection. */
  answered: number
  dropped: boolean
}

/** A request as undici wants it. */
interface Prepared {
  readonly hop: Hop
  readonly tls: ConnectionOptions | undefined
  readonly headersTimeoutMs: Ms
  readonly origin: Origin
  readonly options: Dispatcher.DispatchOptions
}

/** Origins kept open at once; redirects and `msg.url` may name any number. */
const MOST_ORIGINS = 8

/** Asks by GET, one request at a time, on undici: a connection for each origin, bytes counted by `wire`. */
export class HttpClient {
  readonly #options: HttpClientOptions
  readonly #origins = new Map<string, Origin>()
  #running: { readonly origin: Origin; readonly handler: AnswerHandler } | null = null
  /** As last made: mostly the next poll asks the same. */
  #prepared: Prepared | null = null

  constructor(options: HttpClientOptions) {
    this.#options = options
  }

  /**
   * One request and its whole answer; redirects are the caller's business.
   * @param headersTimeoutMs - from the request until the answer's headers
   * @throws DeliveryError `TIMEOUT`, `REQUEST_FAILED`, `BODY_TOO_LARGE`, `HEADER_INVALID`, or what `abort` was given
   */
  get(hop: Hop, tls: ConnectionOptions | undefined, headersTimeoutMs: Ms): Promise<RawAnswer> {
    return new Promise((resolve, reject) => {
      const prepared = this.#prepare(hop, tls, headersTimeoutMs)
      const { sockets, answered } = prepared.origin
      const reused = sockets.size > 0 && answered > 0
      const settle = (handler: AnswerHandler) =>
        handler.failure === null ? resolve(handler.answer()) : reject(handler.failure)
      this.#attempt(prepared, handler => {
        // a server may close an idle connection just as a request goes out on it: RFC 9112 §9.3.1 lets a GET go again
        if (reused && handler.unanswered) this.#attempt(prepared, settle)
        else settle(handler)
      })
    })
  }

  /** What the running request waits for; null without one. */
  get awaited(): Awaited | null {
    return this.#running?.handler.awaited ?? null
  }

  /** Ends the running request, if any, with `reason`. */
  abort(reason: DeliveryError): void {
    if (!this.#running) return
    const { origin, handler } = this.#running
    // not on a socket yet: only dropping the client ends a connection attempt
    if (!handler.abort(reason)) this.#drop(origin)
  }

  /** Closes every connection, finished or not; idempotent. */
  close(): void {
    for (const origin of [...this.#origins.values()]) this.#drop(origin)
  }

  #attempt({ hop, origin, options }: Prepared, onSettled: (handler: AnswerHandler) => void): void {
    const { clock, maxBodyBytes } = this.#options
    const handler: AnswerHandler = new AnswerHandler(clock, hop.url, maxBodyBytes, () => {
      if (this.#running?.handler === handler) this.#running = null
      if (handler.failure === null) origin.answered += 1
      onSettled(handler)
    })
    this.#running = { origin, handler }
    try {
      origin.client.dispatch(options, handler)
    } catch (error) {
      handler.onResponseError(null, error as Error)
    }
  }

  #prepare(hop: Hop, tls: ConnectionOptions | undefined, headersTimeoutMs: Ms): Prepared {
    const last = this.#prepared
    if (
      last?.hop === hop &&
      last.tls === tls &&
      last.headersTimeoutMs === headersTimeoutMs &&
      !last.origin.dropped
    )
      return last
    const { keepAlive, bodyTimeoutMs } = this.#options
    const parts = urlParts(hop.url)
    const origin = this.#origin(`${hop.trusted} ${parts.origin}`, hop, tls)
    const plainProxy = origin.proxy !== null && hop.url.protocol === 'http:' ? origin.proxy : null
    const options = {
      method: 'GET',
      path: plainProxy ? parts.origin + parts.path : parts.path,
      headers: plainProxy
        ? { host: hop.url.host, ...hop.headers, ...proxyHeaders(plainProxy) }
        : (hop.headers as Record<string, string>),
      headersTimeout: headersTimeoutMs,
      bodyTimeout: bodyTimeoutMs,
      reset: !keepAlive
    } as const
    this.#prepared = { hop, tls, headersTimeoutMs, origin, options }
    return this.#prepared
  }

  #origin(key: string, hop: Hop, tls: ConnectionOptions | undefined): Origin {
    const known = this.#origins.get(key)
    if (known && (known.tls === tls || isDeepStrictEqual(known.tls, tls))) return known
    if (known) this.#drop(known)
    if (this.#origins.size >= MOST_ORIGINS)
      for (const oldest of this.#origins.values()) {
        this.#drop(oldest)
        break
      }
    const proxy = this.#options.proxy(hop.url)
    const sockets = new Set<Socket>()
    const { keepAlive, idleMs, connectTimeoutMs, wire } = this.#options
    let connected = 0
    const connect = connector({
      timeoutMs: connectTimeoutMs,
      tls: tlsFor(tls, hop.trusted),
      proxy,
      onSocket: socket => {
        connected += 1
        origin.answered = 0
        sockets.add(socket)
        socket.once('close', () => sockets.delete(socket))
        wire.watch(socket, keepAlive && connected > 1)
      }
    })
    const client = new Client(
      proxy !== null && hop.url.protocol === 'http:' ? plainOrigin(proxy) : hop.url.origin,
      {
        connect,
        // one request at a time all the same; but with 1, undici spends a turn of the event loop after each answer,
        // only to hold the next request back, which waits for that turn before it is written anyway
        pipelining: 2,
        keepAliveTimeout: idleMs,
        keepAliveMaxTimeout: Math.max(idleMs, 600_000)
      }
    )
    const origin: Origin = { key, client, tls, sockets, proxy, answered: 0, dropped: false }
    this.#origins.set(key, origin)
    return origin
  }

  #drop(origin: Origin): void {
    origin.dropped = true
    this.#origins.delete(origin.key)
    origin.client.destroy(new DeliveryError('SERVER_CLOSED', 'The poller closed its connections'), () => {})
    for (const socket of origin.sockets) socket.destroy()
  }
}

/** The origin that undici believes in for plain requests through a proxy; the connector knows the real way. */
const plainOrigin = (proxy: HttpProxy): string => `http://${proxy.url.host}`

/** A client's certificate is a credential: it stays on the configured origin. */
function tlsFor(tls: ConnectionOptions | undefined, trusted: boolean): ConnectionOptions {
  if (!tls || trusted) return tls ?? {}
  const { key: _key, cert: _cert, pfx: _pfx, passphrase: _passphrase, servername: _servername, ...rest } = tls
  return rest
}
