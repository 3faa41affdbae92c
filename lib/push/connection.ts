import { type IClientOptions, MqttClient } from 'mqtt'
import type { IConnackPacket, IPublishPacket, Packet } from 'mqtt-packet'
import type { Clock } from '../clock.js'
import { DeliveryError } from '../errors.js'
import type { Bytes, EpochMs, Ms } from '../units.js'
import { openBrokerSocket } from './broker-socket.js'
import type { PushEndpoint } from './endpoint.js'
import { watchLiveness } from './liveness.js'

export interface ConnectionOptions {
  readonly endpoint: PushEndpoint
  readonly clock: Clock
  readonly clientId: string
  /** False: the broker keeps the session of this client id. */
  readonly clean: boolean
  readonly keepAliveMs: Ms
  /** From the first byte sent until CONNACK. */
  readonly connectTimeoutMs: Ms
  /** More options of mqtt.js. */
  readonly mqtt?: Pick<IClientOptions, 'incomingStore' | 'outgoingStore' | 'queueQoSZero'>
  /** Sees every packet first, in order; the instant is when it was taken from the socket. */
  onPacket?(packet: Packet, receivedAt: EpochMs): void
  /** Handles one message; the next packet waits for `done`, and so does the acknowledgement. */
  onMessage?(packet: IPublishPacket, done: () => void): void
  /** The broker let us in. */
  onConnected(connack: IConnackPacket): void
  /** It is over, for whatever reason; called once, also after `close`. */
  onEnded(end: ConnectionEnd): void
}

export interface ConnectionEnd {
  /** `CONNECT_FAILED`, `CONNECTION_REFUSED`, `NOT_AUTHORIZED`, `CONNECTION_LOST`; null after `close`. */
  readonly error: DeliveryError | null
  /** CONNACK 0 had come. */
  readonly wasConnected: boolean
  /** When the broker was last heard of, as far as known: the instant of the loss, or before it after a silence. */
  readonly heardAt: EpochMs
}

/** One connection to a broker, from the first byte to the last; never reconnects. */
export interface Connection {
  readonly client: MqttClient
  readonly endpoint: PushEndpoint
  readonly startedAt: EpochMs
  bytes(): { readonly sent: Bytes; readonly received: Bytes }
  /** Ends it for the reason given. */
  abandon(error: DeliveryError): void
  /** DISCONNECT, then ends the socket; resolves when it is gone, at most 250 ms later. */
  close(): Promise<void>
}

/** How long a peer may take to end a connection that we have ended. */
const LEAVE: Ms = 250
/** mqtt.js's own timers stay silent: ours are on the injected clock. */
const noTimers = { set: () => 0, clear: () => {} } as unknown as NonNullable<IClientOptions['timerVariant']>

/** @throws DeliveryError `URL_INVALID`, `TLS_INVALID` */
export function openConnection(options: ConnectionOptions): Connection {
  const { endpoint, clock, keepAliveMs } = options
  const startedAt = clock.now()
  const socket = openBrokerSocket(endpoint)
  const { stream } = socket
  let connected = false
  let reason: DeliveryError | null = null
  let heardAt: EpochMs | null = null
  let leaving = false
  let stopWatching = () => {}

  const client = new MqttClient(() => stream, {
    clientId: options.clientId,
    clean: options.clean,
    ...(endpoint.username === undefined ? {} : { username: endpoint.username }),
    ...(endpoint.password === undefined ? {} : { password: endpoint.password }),
    keepalive: Math.ceil(keepAliveMs / 1000),
    protocolVersion: 4,
    reconnectPeriod: 0,
    resubscribe: false,
    // ours below is shorter and on the clock
    connectTimeout: options.connectTimeoutMs * 2,
    timerVariant: noTimers,
    log: () => {},
    ...options.mqtt
  })
  const fail = (error: DeliveryError) => {
    reason ??= error
    stream.destroy()
  }
  const cancelTimeout = clock.at(clock.now() + options.connectTimeoutMs, () => {
    fail(
      new DeliveryError(
        'CONNECT_FAILED',
        `Expected ${endpoint.url} to answer within ${options.connectTimeoutMs} ms, found silence`
      )
    )
  })

  client.handleMessage = (packet, done) => {
    if (options.onMessage) options.onMessage(packet, () => done())
    else done()
  }
  client.on('packetreceive', packet => {
    const receivedAt = clock.now()
    if (packet.cmd === 'connack') {
      cancelTimeout()
      if (packet.returnCode === 0) connected = true
      else reason ??= refusal(endpoint, packet.returnCode ?? 0)
    }
    options.onPacket?.(packet, receivedAt)
  })
  client.on('connect', connack => {
    if (leaving) return
    stopWatching = watchLiveness({
      clock,
      keepAliveMs,
      received: () => socket.bytes().received,
      ping: () => client.sendPing(),
      onSilent(since) {
        heardAt = since
        fail(new DeliveryError('CONNECTION_LOST', `Expected ${endpoint.url} to answer a ping, found silence`))
      }
    })
    options.onConnected(connack)
  })
  // also what mqtt.js reports without ending the stream: garbage, acknowledgements out of order
  client.on('error', error => fail(failure(endpoint, connected, error)))
  stream.on('error', error => fail(failure(endpoint, connected, error)))
  stream.once('close', () => {
    cancelTimeout()
    stopWatching()
    const error = leaving ? null : (reason ?? failure(endpoint, connected, null))
    options.onEnded({ error, wasConnected: connected, heardAt: heardAt ?? clock.now() })
  })

  let closing: Promise<void> | undefined
  return {
    client,
    endpoint,
    startedAt,
    bytes: socket.bytes,
    abandon: fail,
    close() {
      closing ??= new Promise(resolve => {
        leaving = true
        if (stream.closed) return resolve()
        const cancel = clock.at(clock.now() + LEAVE, () => stream.destroy())
        stream.once('close', () => {
          cancel()
          resolve()
        })
        if (connected) client.end()
        else stream.destroy()
      })
      return closing
    }
  }
}

/** CONNACK return codes, MQTT 3.1.1 §3.2.2.3. */
function refusal({ url }: PushEndpoint, code: number): DeliveryError {
  const reasons: Readonly<Record<number, string>> = {
    1: 'the protocol version 3.1.1 is not supported',
    2: 'the client id is not allowed',
    3: 'the server is unavailable',
    4: 'bad user name or password',
    5: 'not authorised'
  }
  return new DeliveryError(
    code === 4 || code === 5 ? 'NOT_AUTHORIZED' : 'CONNECTION_REFUSED',
    `Expected ${url} to accept the connection, found return code ${code}: ${reasons[code] ?? 'unknown'}`
  )
}

function failure({ url }: PushEndpoint, connected: boolean, cause: Error | null): DeliveryError {
  const found = cause ? cause.message || (cause as NodeJS.ErrnoException).code || 'an error' : 'it closed'
  return connected
    ? new DeliveryError('CONNECTION_LOST', `Expected the connection to ${url} to last, found: ${found}`, {
        cause
      })
    : new DeliveryError('CONNECT_FAILED', `Expected to connect to ${url}, found: ${found}`, { cause })
}
