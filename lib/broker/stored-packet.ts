import type { Bytes } from '../units.js'

/** A packet as Aedes hands it to persistence and takes it back. */
export interface StoredPacket {
  cmd: string
  topic: string
  payload: Buffer
  qos: number
  retain: boolean
  dup?: boolean
  brokerId?: string
  /** Numbers the publishes of this broker; the same in every copy of one message. */
  brokerCounter: number
  /** Packet identifier towards one client; absent until it was sent. */
  messageId?: number | undefined
}

/** What one stored packet weighs: its topic and payload. */
export const weight = (packet: StoredPacket): Bytes =>
  (packet.payload?.length ?? 0) + (packet.topic?.length ?? 0)
