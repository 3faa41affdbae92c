/**
 * Every way in which a part of this package can fail, as a stable code. It is the `code` of the error at a
 * Catch node, the key of the status text and a row of the README (what happened, what to do).
 */
export type DeliveryErrorCode =
  // configuration
  | 'CONFIG_INVALID'
  | 'CONFIG_MISSING'
  | 'FORBIDDEN_BY_SETTINGS'
  | 'CREDENTIALS_REQUIRED'
  | 'EXPRESSION_INVALID'
  | 'TLS_INVALID'
  // servers
  | 'PORT_IN_USE'
  | 'LISTEN_FAILED'
  | 'THREAD_DIED'
  | 'SERVER_CLOSED'
  | 'MQTT5_REFUSED'
  // origin
  | 'STREAM_MISSING'
  | 'STREAM_INVALID'
  | 'STREAM_TAKEN'
  | 'STREAM_LIMIT'
  | 'PAYLOAD_INVALID'
  | 'PAYLOAD_TOO_LARGE'
  | 'FEED_READ_ONLY'
  | 'HAND_OVER_FAILED'
  | 'QUEUE_FULL'
  // workload
  | 'TIMES_INVALID'
  // push
  | 'CONNECT_FAILED'
  | 'CONNECTION_REFUSED'
  | 'CONNECTION_LOST'
  | 'NOT_AUTHORIZED'
  | 'SUBSCRIBE_REFUSED'
  | 'TOPIC_INVALID'
  // pull
  | 'URL_INVALID'
  | 'NO_OWN_HTTP'
  | 'REQUEST_FAILED'
  | 'TIMEOUT'
  | 'HTTP_STATUS'
  | 'RETRY_AFTER'
  | 'TOO_MANY_REDIRECTS'
  | 'REDIRECT_INVALID'
  | 'BODY_TOO_LARGE'
  | 'BODY_INVALID'
  | 'ITEMS_INVALID'
  | 'NO_HOLD'
  | 'HEADER_INVALID'
  // fault
  | 'FAULT_RUNNING'
  | 'FAULT_EMBEDDED_ONLY'
  // try it
  | 'CREDENTIALS_AGAIN'
  | 'TRY_BUSY'
  // metrics
  | 'REPORT_UNKNOWN'
  | 'RECORD_INVALID'

/**
 * The one error class of this package.
 * The message says what was expected, then what was found; `cause` keeps the original error.
 */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError'
  readonly code: DeliveryErrorCode

  constructor(code: DeliveryErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}

/** `error` itself when it already has a stable code, else wrapped as `code` with the cause kept. */
export function asDeliveryError(error: unknown, code: DeliveryErrorCode): DeliveryError {
  if (error instanceof DeliveryError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new DeliveryError(code, message, { cause: error })
}
