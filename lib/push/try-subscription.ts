import type { Clock } from '../clock.js'
import { asDeliveryError, DeliveryError } from '../errors.js'
import type { Bytes, Ms } from '../units.js'
import { type Connection, type ConnectionEnd, openConnection } from './connection.js'
import type { PushEndpoint } from './endpoint.js'
import { checkTopicFilter } from './topic-filter.js'

export interface TrySubscriptionOptions {
  /** Tried in turn until one accepts. */
  readonly endpoints: readonly PushEndpoint[]
  readonly clock: Clock
  readonly clientId: string
  readonly topicFilter: string
  /** Within this everything ends; several endpoints share it. */
  readonly withinMs: Ms
  /** More than this from one broker ends it. */
  readonly maxBytes: Bytes
  /** Aborted when nobody waits for the result any more. */
  readonly signal: AbortSignal
}

/** What one connection and subscription found, whether it went well or not. */
export interface SubscriptionTrial {
  /** Null when it went well; else why the last endpoint failed. */
  readonly error: DeliveryError | null
  /** Of the last endpoint that was tried. */
  readonly url: string
  /** The endpoints before it, and why they failed. */
  readonly failed: readonly { readonly url: string; readonly error: DeliveryError }[]
  /** CONNACK 0 came. */
  readonly connected: boolean
  /** MQTT 3.1.1 §3.2.2.3; null when no CONNACK came. */
  readonly returnCode: number | null
  /** From the first byte sent until CONNACK. */
  readonly connectMs: Ms | null
  /** What SUBACK said; null when none came. */
  readonly subscription: 'granted' | 'refused' | null
  /** The first retained message that came with the subscription; null when none came in its time. */
  readonly retained: { readonly topic: string; readonly bytes: Bytes } | null
  readonly ms: Ms
}

/** How long to wait for a retained message, which a broker that has one sends at once. */
const RETAINED_WITHIN: Ms = 1000

/**
 * Connects and subscribes once, and tells everything about it.
 * @throws DeliveryError `TOPIC_INVALID`; nothing else
 */
export async function trySubscription(options: TrySubscriptionOptions): Promise<SubscriptionTrial> {
  const { endpoints, clock, withinMs } = options
  checkTopicFilter(options.topicFilter)
  const startedAt = clock.now()
  const failed: { readonly url: string; readonly error: DeliveryError }[] = []
  for (const [index, endpoint] of endpoints.entries()) {
    const leftMs = startedAt + withinMs - clock.now()
    const found = await tryOne(options, endpoint, Math.max(1, leftMs / (endpoints.length - index)))
    if (found.error === null || found.connected || index === endpoints.length - 1)
      return { ...found, failed, ms: clock.now() - startedAt }
    failed.push({ url: found.url, error: found.error })
  }
  throw new DeliveryError('URL_INVALID', 'Expected the URL of a broker, found none')
}

type One = Omit<SubscriptionTrial, 'failed' | 'ms'>

async function tryOne(options: TrySubscriptionOptions, endpoint: PushEndpoint, withinMs: Ms): Promise<One> {
  const { clock, topicFilter, maxBytes, signal } = options
  const startedAt = clock.now()
  const found = {
    url: endpoint.url,
    connected: false,
    returnCode: null as number | null,
    connectMs: null as Ms | null,
    subscription: null as One['subscription'],
    retained: null as One['retained']
  }
  let finish = (_error: DeliveryError | null) => {}
  const ended = new Promise<DeliveryError | null>(resolve => {
    finish = resolve
  })
  let cancelListening = () => {}
  let connection: Connection
  try {
    connection = openConnection({
      endpoint,
      clock,
      clientId: options.clientId,
      clean: true,
      keepAliveMs: 60_000,
      connectTimeoutMs: withinMs,
      onPacket(packet) {
        if (packet.cmd === 'connack') found.returnCode = packet.returnCode ?? null
      },
      onMessage({ topic, payload, retain }, done) {
        done()
        if (!retain) return
        found.retained ??= { topic, bytes: Buffer.byteLength(payload) }
        if (found.subscription !== null) finish(null)
      },
      onConnected() {
        found.connected = true
        found.connectMs = clock.now() - startedAt
        connection.client.subscribe(topicFilter, { qos: 0 }, (error, _grants, packet) => {
          found.subscription = error || Number(packet?.granted[0] ?? 0) > 2 ? 'refused' : 'granted'
          if (found.subscription === 'refused') finish(subscribeRefused(endpoint, topicFilter))
          else if (found.retained) finish(null)
          else cancelListening = clock.at(clock.now() + RETAINED_WITHIN, () => finish(null))
        })
      },
      onEnded: ({ error }: ConnectionEnd) => finish(error)
    })
  } catch (error) {
    return { ...found, error: asDeliveryError(error, 'CONNECT_FAILED') }
  }
  connection.client.stream.on('data', () => {
    if (connection.bytes().received > maxBytes) connection.abandon(tooMuch(endpoint, maxBytes))
  })
  const cancelDeadline = clock.at(startedAt + withinMs, () =>
    finish(found.subscription === null ? silent(endpoint, withinMs, found.connected) : null)
  )
  const left = () => finish(new DeliveryError('SERVER_CLOSED', 'Expected somebody to wait, found nobody'))
  if (signal.aborted) left()
  else signal.addEventListener('abort', left)
  const error = await ended
  cancelListening()
  cancelDeadline()
  signal.removeEventListener('abort', left)
  await connection.close()
  return { ...found, error }
}

const subscribeRefused = ({ url }: PushEndpoint, topicFilter: string) =>
  new DeliveryError(
    'SUBSCRIBE_REFUSED',
    `Expected ${url} to grant a subscription to ${topicFilter}, found it refused (SUBACK 0x80)`
  )

const silent = ({ url }: PushEndpoint, withinMs: Ms, connected: boolean) => {
  const expected = connected ? `${url} to answer a subscription` : `${url} to answer`
  return new DeliveryError(
    connected ? 'CONNECTION_LOST' : 'CONNECT_FAILED',
    `Expected ${expected} within ${Math.round(withinMs)} ms, found silence`
  )
}

const tooMuch = ({ url }: PushEndpoint, maxBytes: Bytes) =>
  new DeliveryError(
    'PAYLOAD_TOO_LARGE',
    `Expected at most ${maxBytes} bytes from ${url} for a try, found more (a large retained message?)`
  )
