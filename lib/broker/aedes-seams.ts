import type { Client } from 'aedes'
import type { StoredPacket } from './stored-packet.js'

/**
 * What this package uses of Aedes 1.2.0 (pinned) beyond its typed interface. Each has a test, and where it is
 * missing the plain behaviour of Aedes stays.
 */
export interface ClientSeams {
  /** By topic filter. */
  readonly subscriptions?: Readonly<Record<string, { readonly qos: number }>>
  /** Calls back once the socket takes more; Aedes waits for `drainTimeout`. */
  waitForDrain?: (callback: (error: Error | null, client: Client) => void) => void
  /** Sends one message at QoS 1 or 2. */
  deliverQoS?: (packet: StoredPacket, callback: () => void) => void
}

/** A client of Aedes with its seams. */
export const seamsOf = (client: Client): ClientSeams => client as unknown as ClientSeams
