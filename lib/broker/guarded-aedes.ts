import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { Aedes, type AedesPublishPacket, type Client } from 'aedes'
import type { Clock } from '../clock.js'
import { asDeliveryError } from '../errors.js'
import type { Bytes } from '../units.js'
import type { AccessOptions } from './access.js'
import { backlogFirst } from './backlog-first.js'
import { watchErrors } from './client-errors.js'
import { connectRules } from './connect-rules.js'
import type { Connections } from './connections.js'
import { createEmitter } from './emitter.js'
import { grantedQos } from './granted-qos.js'
import type { BrokerLimits } from './limits.js'
import type { Notify } from './notices.js'
import { guardReads, PacketGuard } from './packet-guard.js'
import { Persistence } from './persistence.js'
import { publishRules } from './publish-rules.js'
import { RetainedMessages } from './retained-messages.js'
import { Sessions } from './sessions.js'
import { SlowClients } from './slow-clients.js'
import type { StoredPacket } from './stored-packet.js'
import { subscribeRules } from './subscribe-rules.js'
import type { Tally } from './tally.js'
import { WriteCoalescer } from './write-coalescer.js'

interface GuardedAedesParts {
  readonly access: AccessOptions
  readonly maxPacketBytes: Bytes
  readonly limits: BrokerLimits
  readonly connections: Connections
  readonly tally: Tally
  readonly notify: Notify
  readonly clock: Clock
  /** Whether a topic is one of our own streams. */
  readonly isOurs: (topic: string) => boolean
}

/** Aedes with every rule and limit of this folder around it. */
export interface GuardedAedes {
  /** Speaks MQTT on `stream`, which runs over `socket` (the same for plain TCP). */
  serve(stream: Duplex, socket: Socket): void
  /**
   * Stores one message and sends it on its way, within the call: no subscriber holds it up.
   * @throws DeliveryError `HAND_OVER_FAILED`
   */
  publish(message: { topic: string; payload: Buffer; qos: 0 | 1 | 2; retain: boolean }): void
  close(): Promise<void>
}

/** Packets that a client may send before its CONNACK: 3.1.1 lets it go ahead [MQTT-3.1.4, non-normative]. */
const EARLY_PACKETS = 1000
/** Aedes' own wait for a full socket, where `SlowClients` cannot replace it. */
const FALLBACK_DRAIN_MS = 5000

export async function openGuardedAedes(parts: GuardedAedesParts): Promise<GuardedAedes> {
  const { access, maxPacketBytes, limits, connections, tally, notify, clock, isOurs } = parts
  const sessions = new Sessions(limits, tally, clock)
  const retained = new RetainedMessages(limits)
  const coalescer = new WriteCoalescer()
  const slowClients = new SlowClients({ limits, tally, notify, clock, waiting: c => coalescer.waiting(c) })
  const backlog = backlogFirst(sessions)
  const broker = await Aedes.createBroker({
    mq: createEmitter(),
    persistence: new Persistence({ sessions, retained, tally, isOurs }),
    drainTimeout: FALLBACK_DRAIN_MS,
    // `Connections` ends the wait for a CONNECT, for every transport alike
    connectTimeout: limits.connectTimeoutMs * 2,
    queueLimit: EARLY_PACKETS,
    ...connectRules({ access, tally, notify }),
    authorizeForward(client: Client, packet: AedesPublishPacket) {
      if (backlog.holds(client, packet as StoredPacket)) return null
      if (!slowClients.admits(client, packet.qos)) return null
      return packet.qos === 2 ? lowered(client, packet) : packet
    }
  })
  broker.authorizeSubscribe = subscribeRules(broker, tally, limits.clientSubscriptions)
  broker.authorizePublish = publishRules({ broker, tally, isOurs })

  const arrived = new WeakMap<Duplex, { socket: Socket; guard: PacketGuard }>()
  broker.on('client', client => {
    const arrival = arrived.get(client.conn)
    if (arrival) connections.letIn(arrival.socket)
    arrival?.guard.open()
    if (!client.clean) sessions.online(client.id)
  })
  broker.on('clientReady', client => backlog.release(client))
  broker.on('clientDisconnect', client => {
    if (!client.clean) sessions.offline(client.id)
  })
  watchErrors(broker, tally, notify)

  return {
    serve(stream, socket) {
      const guard = new PacketGuard(limits.maxConnectBytes, maxPacketBytes)
      arrived.set(stream, { socket, guard })
      guardReads(stream, guard, fault => tally.add(fault))
      coalescer.adopt(stream)
      slowClients.limitWaits(broker.handle(stream))
    },

    publish(message) {
      let failure: Error | undefined
      // called back within the call when it fails, else when the last subscriber's socket has taken it
      broker.publish({ cmd: 'publish', dup: false, ...message }, error => {
        failure = error ?? undefined
      })
      if (failure !== undefined) throw asDeliveryError(failure, 'HAND_OVER_FAILED')
    },

    close: () =>
      new Promise(resolve => {
        sessions.close()
        broker.close(resolve)
      })
  }
}

/** A message at the QoS that its receiver was granted; what is resent of a session has been lowered. */
function lowered(client: Client, packet: AedesPublishPacket): AedesPublishPacket {
  const granted = packet.messageId === undefined ? grantedQos(client, packet.topic) : packet.qos
  return granted === 1 ? Object.assign({}, packet, { qos: 1 as const }) : packet
}
