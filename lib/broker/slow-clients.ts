import type { Client } from 'aedes'
import type { Clock } from '../clock.js'
import type { Bytes, EpochMs } from '../units.js'
import { seamsOf } from './aedes-seams.js'
import type { BrokerLimits } from './limits.js'
import type { Notify } from './notices.js'
import type { Tally } from './tally.js'

interface Stall {
  /** Bytes that the connection had taken when it was last seen to take some. */
  taken: Bytes
  since: EpochMs
}

/** Keeps one client that does not read from costing the others anything but its own bounded buffer. */
export class SlowClients {
  readonly #limits: BrokerLimits
  readonly #tally: Tally
  readonly #notify: Notify
  readonly #clock: Clock
  readonly #waiting: (connection: Client['conn']) => Bytes
  readonly #stalls = new WeakMap<Client, Stall>()

  constructor(parts: {
    readonly limits: BrokerLimits
    readonly tally: Tally
    readonly notify: Notify
    readonly clock: Clock
    /** Bytes that wait in a connection since before this turn. */
    readonly waiting: (connection: Client['conn']) => Bytes
  }) {
    this.#limits = parts.limits
    this.#tally = parts.tally
    this.#notify = parts.notify
    this.#clock = parts.clock
    this.#waiting = parts.waiting
  }

  /**
   * Whether one more message may be written to `client`. A QoS 0 message that may not is dropped and counted;
   * a client that is owed QoS 1 or 2 is disconnected, and a persistent session keeps what it is owed.
   */
  admits(client: Client, qos: number): boolean {
    const waiting = this.#waiting(client.conn)
    if (waiting <= this.#limits.clientBufferBytes) {
      this.#stalls.delete(client)
      return true
    }
    if (qos > 0 && isOwed(client)) {
      if (!client.conn.destroyed) this.#disconnect(client, 'slowClient', `${waiting} bytes wait for it`)
      // written to a connection that is gone; refusing it would take it out of the session
      return true
    }
    this.#tally.add('clientBufferBytes')
    if (this.#isStalled(client, waiting))
      this.#disconnect(client, 'stallTimeoutMs', `it took nothing for ${this.#limits.stallTimeoutMs} ms`)
    return false
  }

  /**
   * Replaces Aedes' wait for a full socket, which holds up the publisher for `drainTimeout`: a subscriber slows its
   * publishers down, but one that does not read only once and for `drainWaitMs`, until it reads again.
   */
  limitWaits(client: Client): void {
    const seams = seamsOf(client)
    // without the seam Aedes' own drainTimeout rules
    if (typeof seams.waitForDrain !== 'function') return
    type Waiter = (error: Error | null, client: Client) => void
    let waiters: Waiter[] = []
    let cancel: (() => void) | null = null
    let gaveUp = false
    const release = () => {
      cancel?.()
      cancel = null
      client.conn.removeListener('drain', drained)
      const released = waiters
      waiters = []
      for (const waiter of released) setImmediate(waiter, null, client)
    }
    const drained = () => {
      gaveUp = false
      release()
    }
    client.conn.once('close', release)
    seams.waitForDrain = waiter => {
      if (gaveUp || client.closed || client.conn.destroyed) {
        setImmediate(waiter, null, client)
        return
      }
      waiters.push(waiter)
      if (cancel) return
      client.conn.once('drain', drained)
      cancel = this.#clock.at(this.#clock.now() + this.#limits.drainWaitMs, () => {
        gaveUp = true
        release()
        client.conn.once('drain', drained)
      })
    }
  }

  #isStalled(client: Client, waiting: Bytes): boolean {
    const now = this.#clock.now()
    const taken = bytesWritten(client) - waiting
    const stall = this.#stalls.get(client)
    if (!stall || taken > stall.taken) {
      this.#stalls.set(client, { taken, since: now })
      return false
    }
    return now - stall.since > this.#limits.stallTimeoutMs && !client.conn.destroyed
  }

  #disconnect(client: Client, limit: 'slowClient' | 'stallTimeoutMs', found: string): void {
    this.#tally.add(limit)
    this.#notify(
      'QUEUE_FULL',
      `Expected client ${client.id} to read its messages, found that ${found}: disconnected`
    )
    client.conn.destroy()
  }
}

const isOwed = (client: Client): boolean =>
  Object.values(seamsOf(client).subscriptions ?? {}).some(subscription => subscription.qos > 0)

const bytesWritten = (client: Client): Bytes =>
  'bytesWritten' in client.conn ? Number(client.conn.bytesWritten) : 0
