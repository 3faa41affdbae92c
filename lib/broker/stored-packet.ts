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

/** The payload without the chunk of 64 KiB that it was read in, which it would keep in memory. */
export function compact(payload: Buffer): Buffer {
  if (payload.buffer.byteLength <= payload.length * 2) return payload
  const own = Buffer.allocUnsafeSlow(payload.length)
  payload.copy(own)
  return own
}

/** What one stored packet weighs: its topic and payload. */
export const weight = (packet: StoredPacket): Bytes =>
  (packet.payload?.length ?? 0) + (packet.topic?.length ?? 0)
