import type { IConnackPacket, IPublishPacket, Packet } from 'mqtt-packet'
import { Backoff } from '../backoff.js'
import type { Cancel } from '../clock.js'
import { asDeliveryError, DeliveryError } from '../errors.js'
import type { EpochMs, Ms } from '../units.js'
import type { Qos } from '../update/update.js'
import { type Arrived, deliveryOf, judge } from './arrival.js'
import type { Connection } from './connection.js'
import { isEncrypted } from './endpoint.js'
import { PushExchanges } from './exchanges.js'
import { forgetSession } from './forget-session.js'
import { keepConnected } from './link.js'
import { messageReader } from './message-reader.js'
import { newSubscriberMemory } from './subscriber-memory.js'
import type { Subscriber, SubscriberOptions } from './subscriber-options.js'
import { checkTopicFilter } from './topic-filter.js'
import { unreleasedStore } from './unreleased-store.js'

/** A refused subscription is tried again no sooner than this. */
const SUBSCRIBE_AGAIN: Ms = 1000

/**
 * Receives updates by MQTT subscription.
 * @throws DeliveryError `TOPIC_INVALID`
 */
export function startSubscriber(options: SubscriberOptions): Subscriber {
  const { clock, finders, qos, onState, onError, memory = newSubscriberMemory() } = options
  const topicFilter = checkTopicFilter(options.topicFilter)
  const persistent = options.session === 'persistent'
  const refusals = new Backoff({ random: options.random, firstMs: 10_000, maxMs: 60_000 })
  const connectTimeoutMs = options.connectTimeoutMs ?? 10_000
  let closed = false
  /** Counts the sessions that began anew: packet ids of earlier ones mean nothing. */
  let session = 0
  let receivedAt: EpochMs = 0
  let attemptAt: EpochMs = clock.now()
  let granted = qos
  let lost = 0
  let cancelSubscribe: Cancel = () => {}

  const exchanges: PushExchanges = new PushExchanges({
    clock,
    source: options.source,
    topicFilter,
    settings: () => ({
      trigger: null,
      read: 'push',
      intervalMs: null,
      waitMs: null,
      qos: granted,
      session: options.session,
      keepAlive: null,
      tls: link.endpoint !== null && isEncrypted(link.endpoint)
    }),
    server: options.server,
    link: () => link.totals(),
    wanted: () => !closed && options.exchangesWanted(),
    onExchange: options.onExchange
  })

  const begin = (since: EpochMs, resumed: boolean) => {
    if (exchanges.since !== null) return
    if (!resumed || qos === 0) memory.sequences.restart()
    exchanges.begin(since)
  }

  const deliver = (arrived: Arrived) => {
    begin(arrived.receivedAt, false)
    const since = exchanges.since ?? arrived.receivedAt
    const judged = judge(memory, arrived, since)
    if (!judged.duplicate) exchanges.countUpdate()
    // what an earlier subscriber missed was counted there
    if (judged.filled) lost = Math.max(0, lost - 1)
    try {
      options.onDelivery(deliveryOf(arrived, judged, options.source, since), arrived.payload, arrived.packet)
    } catch (error) {
      onError(asDeliveryError(error, 'RECORD_INVALID'))
    }
    if (judged.missed > 0) {
      lost += judged.missed
      options.onLoss({ stream: arrived.packet.topic, missed: judged.missed, total: lost })
    }
  }
  const read = messageReader({ clock, finders, onError })
  /** `done` follows the delivery; after `close` it never comes, so that the broker keeps the message. */
  const handle = (packet: IPublishPacket, done: () => void) => {
    read(packet, receivedAt, arrived => {
      if (closed) return
      deliver(arrived)
      done()
    })
  }

  const subscribe = (connection: Connection) => {
    cancelSubscribe = clock.at(clock.now() + connectTimeoutMs, () => {
      const { url } = connection.endpoint
      const expected = `Expected ${url} to answer a subscription within ${connectTimeoutMs} ms, found silence`
      connection.abandon(new DeliveryError('CONNECTION_LOST', expected))
    })
    connection.client.subscribe(topicFilter, { qos }, (error, _grants, packet) => {
      if (closed || link.connected !== connection) return
      cancelSubscribe()
      const code = packet?.granted[0] ?? (error ? 0x80 : qos)
      if (typeof code !== 'number' || code > 2) {
        refused(connection)
        return
      }
      granted = code as Qos
      refusals.reset()
      memory.topicFilter = topicFilter
      exchanges.connected(attemptAt)
      onState({ kind: 'subscribed' })
    })
  }
  const refused = (connection: Connection) => {
    const error = new DeliveryError(
      'SUBSCRIBE_REFUSED',
      `Expected the broker to grant a subscription to ${topicFilter}, found it refused (SUBACK 0x80)`
    )
    if (refusals.attempts === 0) onError(error)
    exchanges.countError()
    exchanges.failed(attemptAt, error.code)
    onState({ kind: 'retrying', error })
    cancelSubscribe = clock.at(clock.now() + SUBSCRIBE_AGAIN + refusals.next(), () => {
      attemptAt = clock.now()
      if (link.connected === connection) subscribe(connection)
    })
  }

  const link = keepConnected({
    endpoints: options.endpoints,
    clock,
    random: options.random,
    clientId: options.clientId,
    clean: !persistent,
    keepAliveMs: options.keepAliveMs ?? 15_000,
    connectTimeoutMs,
    mqtt: { incomingStore: unreleasedStore(memory.unreleased, handle, () => session) },
    onState(state) {
      if (closed || state.kind === 'connected') return
      onState(state)
    },
    onError,
    onPacket(packet: Packet, at) {
      receivedAt = at
      // before its messages are handled, which may be sooner than mqtt.js tells of the grant
      if (packet.cmd === 'suback' && Number(packet.granted[0]) <= 2) begin(at, false)
      if (packet.cmd !== 'connack' || packet.returnCode !== 0) return
      if (persistent && packet.sessionPresent) {
        // a resumed session is in force from here on, and its messages follow at once
        begin(at, true)
        return
      }
      session += 1
      memory.unreleased.clear()
    },
    onMessage(packet, done) {
      if (packet.qos === 2) done()
      else handle(packet, done)
    },
    onConnected(connection, connack: IConnackPacket) {
      attemptAt = connection.startedAt
      const stale = memory.topicFilter
      if (connack.sessionPresent && stale !== null && stale !== topicFilter)
        connection.client.unsubscribe(stale)
      subscribe(connection)
    },
    onEnded({ error, wasConnected, heardAt, startedAt }) {
      cancelSubscribe()
      if (!error) return
      if (wasConnected) exchanges.disconnected(heardAt, error.code)
      else exchanges.failed(startedAt, error.code)
    }
  })

  return {
    get lost() {
      return lost
    },
    report: () => exchanges.report(),
    tell: () => exchanges.tell(),
    async close({ forget = false } = {}) {
      const wasConnected = link.connected !== null
      closed = true
      cancelSubscribe()
      exchanges.close()
      await link.close()
      if (forget && persistent && wasConnected && link.endpoint)
        await forgetSession(link.endpoint, options.clientId, clock)
    }
  }
}
