import type { IncomingHttpHeaders } from 'node:http'
import type { Dispatcher } from 'undici'
import type { Clock } from '../clock.js'
import { DeliveryError } from '../errors.js'
import type { Bytes, EpochMs } from '../units.js'
import type { RawAnswer } from './client.js'

/** Bodies of redirects and errors are read so far, for the sake of the connection; then it is cut. */
const MOST_IGNORED: Bytes = 65_536
const NOTHING = Buffer.alloc(0)

/** What a request waits for. */
export type Awaited = 'connection' | 'headers' | 'body'

/** Takes one answer from undici, piece by piece, and settles exactly once. */
export class AnswerHandler implements Dispatcher.DispatchHandler {
  readonly #clock: Clock
  readonly #url: URL
  readonly #maxBodyBytes: Bytes
  readonly #onSettled: () => void
  readonly #startedAt: EpochMs
  #controller: Dispatcher.DispatchController | null = null
  #statusCode = 0
  #headers: IncomingHttpHeaders = {}
  #headersAt: EpochMs = 0
  #endedAt: EpochMs = 0
  #chunks: Buffer[] = []
  #bytes: Bytes = 0
  #settled = false
  #failure: DeliveryError | null = null
  #lost = false

  constructor(clock: Clock, url: URL, maxBodyBytes: Bytes, onSettled: () => void) {
    this.#clock = clock
    this.#url = url
    this.#maxBodyBytes = maxBodyBytes
    this.#onSettled = onSettled
    this.#startedAt = clock.now()
  }

  /** Why there is no answer; null when there is one. */
  get failure(): DeliveryError | null {
    return this.#failure
  }

  /** The connection was lost before a byte of the answer came. */
  get unanswered(): boolean {
    return this.#lost && this.#statusCode === 0
  }

  get awaited(): Awaited {
    if (this.#controller === null) return 'connection'
    return this.#statusCode === 0 ? 'headers' : 'body'
  }

  answer(): RawAnswer {
    const [first = NOTHING] = this.#chunks
    return {
      statusCode: this.#statusCode,
      headers: this.#headers,
      body: this.#chunks.length > 1 ? Buffer.concat(this.#chunks, this.#bytes) : first,
      startedAt: this.#startedAt,
      headersAt: this.#headersAt,
      endedAt: this.#endedAt
    }
  }

  /** Ends the request; false when it is not on a connection yet. */
  abort(reason: DeliveryError): boolean {
    const started = this.#controller !== null
    this.#settle(reason)
    this.#controller?.abort(reason)
    return started
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#settled) controller.abort(this.#failure ?? new Error('aborted'))
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    statusCode: number,
    headers: IncomingHttpHeaders
  ): void {
    // informational: the answer itself is still to come (RFC 9110 §15.2)
    if (statusCode < 200) return
    this.#statusCode = statusCode
    this.#headers = headers
    this.#headersAt = this.#clock.now()
    const announced = Number(headers['content-length'])
    if (this.#wanted && announced > this.#maxBodyBytes) this.#tooLarge(controller, announced)
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length
    if (this.#wanted) {
      if (this.#bytes > this.#maxBodyBytes) this.#tooLarge(controller, this.#bytes)
      else this.#chunks.push(chunk)
    } else if (this.#bytes > MOST_IGNORED) {
      this.#settle(null)
      controller.abort(new Error('not needed'))
    }
  }

  onResponseEnd(): void {
    this.#settle(null)
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    const code = (error as { code?: string }).code
    this.#lost = code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE'
    this.#settle(failureOf(error, this.#url))
  }

  get #wanted(): boolean {
    return this.#statusCode < 300
  }

  #tooLarge(controller: Dispatcher.DispatchController, found: Bytes): void {
    this.#chunks = []
    const error = new DeliveryError(
      'BODY_TOO_LARGE',
      `Expected a body of at most ${this.#maxBodyBytes} bytes from ${this.#url.host}, found ${found} or more`
    )
    this.#settle(error)
    controller.abort(error)
  }

  #settle(failure: DeliveryError | null): void {
    if (this.#settled) return
    this.#settled = true
    this.#endedAt = this.#clock.now()
    this.#failure = failure
    this.#onSettled()
  }
}

const TIMEOUTS: Readonly<Record<string, string>> = {
  UND_ERR_CONNECT_TIMEOUT: 'a connection',
  UND_ERR_HEADERS_TIMEOUT: 'the headers of an answer',
  UND_ERR_BODY_TIMEOUT: 'the rest of the body'
}

/** What undici, the socket or TLS said, as one of ours. */
function failureOf(error: Error, url: URL): DeliveryError {
  if (error instanceof DeliveryError) return error
  const { code, errors } = error as { code?: string; errors?: readonly Error[] }
  const awaited = TIMEOUTS[code ?? '']
  if (awaited !== undefined)
    return new DeliveryError('TIMEOUT', `Expected ${awaited} of ${url.host} in time, found none`, {
      cause: error
    })
  if (code === 'UND_ERR_INVALID_ARG' && /header/.test(error.message))
    return new DeliveryError(
      'HEADER_INVALID',
      `Expected headers that HTTP can carry, found: ${error.message}`,
      {
        cause: error
      }
    )
  // several addresses tried (RFC 8305): the message stands at each of them
  const found = error.message || errors?.[0]?.message || code || error.name
  return new DeliveryError('REQUEST_FAILED', `Expected an answer from ${url.host}, found: ${found}`, {
    cause: error
  })
}
