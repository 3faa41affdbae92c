import type { Aedes, Client, PublishPacket } from 'aedes'

type Done = (error?: Error) => void
type Publish = (packet: PublishPacket, client: Client | Done, done?: Done) => void

interface Publishing {
  /** Stored, and handed to every subscriber's connection or given up. */
  finished: boolean
  /** Reads on from the publisher. */
  resume: Done | null
}

/**
 * Turns the order of Aedes' QoS 1 around: it acknowledges, then stores. With this a PUBLISH is in the queue of every
 * persistent session that it matches, and is its topic's retained message, before its PUBACK goes out; when storing
 * fails there is no PUBACK. That memory is the broker thread's: it survives clients, not the thread.
 */
export class StoreFirst {
  readonly #publish: Publish
  readonly #handled = new WeakMap<PublishPacket, Publishing>()

  /** Takes over `broker.publish`, which Aedes calls once it has acknowledged. */
  constructor(broker: Aedes) {
    this.#publish = broker.publish.bind(broker) as Publish
    const publish: Publish = (packet, client, done) => {
      const publishing = this.#handled.get(packet)
      if (!publishing) this.#publish(packet, client, done)
      else if (publishing.finished) done?.()
      else publishing.resume = done ?? null
    }
    broker.publish = publish satisfies Aedes['publish']
  }

  /** Publishes `packet` now, and not again when Aedes has acknowledged it; `stored` is called within the call. */
  publish(packet: PublishPacket, client: Client, stored: Done): void {
    const publishing: Publishing = { finished: false, resume: null }
    let failure: Error | undefined
    this.#handled.set(packet, publishing)
    // the persistence stores within the call, see there
    this.#publish(packet, client, error => {
      failure = error ?? undefined
      publishing.finished = true
      publishing.resume?.()
    })
    stored(failure)
  }

  /** Lets Aedes acknowledge `packet` and then publishes it nowhere. */
  drop(packet: PublishPacket): void {
    this.#handled.set(packet, { finished: true, resume: null })
  }
}
