import type { Client } from 'aedes'
import { seamsOf } from './aedes-seams.js'
import type { Sessions } from './sessions.js'
import type { StoredPacket } from './stored-packet.js'

/** Keeps messages of a persistent session in order while what it missed is still being sent. */
export interface BacklogFirst {
  /** Whether `packet` has to wait its turn in the session's queue. */
  holds(client: Client, packet: StoredPacket): boolean
  /** The backlog is out: sends what came meanwhile and was too late for it. */
  release(client: Client): void
}

export function backlogFirst(sessions: Sessions): BacklogFirst {
  const canRelease = (client: Client) => typeof seamsOf(client).deliverQoS === 'function'
  return {
    holds: (client, packet) =>
      client.connecting &&
      !client.clean &&
      packet.qos > 0 &&
      // one with an identifier is of the backlog
      packet.messageId === undefined &&
      canRelease(client) &&
      sessions.queueOf(client.id)?.has(packet.brokerCounter) === true,

    release(client) {
      if (client.clean || !canRelease(client)) return
      for (const packet of sessions.queueOf(client.id)?.packets() ?? []) {
        if (packet.messageId !== undefined) continue
        // without broker id it passes as new: its number was noted when it was held
        const { brokerId: _seen, ...unseen } = packet
        seamsOf(client).deliverQoS?.(unseen, () => {})
      }
    }
  }
}
