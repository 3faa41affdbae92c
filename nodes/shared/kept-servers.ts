import type { DeliveryError } from '../../lib/errors.js'
import type { ServerThread, ThreadState } from '../../lib/thread/server-thread-options.js'
import type { ListenAddress, ServerNotice } from '../../lib/thread/thread-server.js'
import type { HandedUpdate } from '../../lib/update/update.js'
import type { OnFlowEvent } from './flow-events.js'

/** What outlives the config node that started it: a server thread, a publisher. */
export interface KeptServer {
  /** Its whole effective configuration: a successor with another one cannot adopt it. */
  readonly key: string
  /** False when it failed for good: a deploy tries anew. */
  readonly adoptable: boolean
  /** Where it listens or did; null when it does not. */
  readonly address: ListenAddress | null
  /** The last update of each stream that it took. */
  readonly last: readonly HandedUpdate[]
  close(): Promise<void>
}

/** What a server that has ended leaves to the next one of its node. */
export type Left = Pick<KeptServer, 'address' | 'last'>

/** A thread, and the config node that hears of it now. */
export interface HostedThread extends KeptServer {
  readonly thread: ServerThread
  owner: {
    onState(state: ThreadState): void
    onNotice(notice: ServerNotice): void
  } | null
}

/** Publishes to an external server. */
export interface Publisher {
  /** @throws DeliveryError */
  publish(update: HandedUpdate): Promise<void>
  close(): Promise<void>
}

/** A publisher, and the config node that hears of it now: what is under way goes on over a deploy. */
export interface HostedPublisher extends KeptServer {
  readonly publisher: Publisher
  report: (error: DeliveryError) => void
}

/** What nobody adopts in this time after the flows have stopped is ended. */
const ADOPT_WITHIN_MS = 2000
/** Flows have stopped when the slowest node has closed; Node-RED waits 15 s for it. */
const STOPPED_WITHIN_MS = 20_000

interface Kept<T> {
  readonly server: T
  /** It is not ended any more. */
  keep(): void
}

/**
 * The servers of one type between two lives of their config nodes, by node id: released at close,
 * adopted by the successor, ended when none comes within 2 s after the flows have stopped.
 */
export class KeptServers<T extends KeptServer> {
  readonly #kept = new Map<string, Kept<T>>()
  readonly #ending = new Map<string, Promise<void>>()
  readonly #left = new Map<string, Left>()
  readonly #onFlows: OnFlowEvent

  constructor(onFlows: OnFlowEvent) {
    this.#onFlows = onFlows
  }

  /** Leaves a server to the successor with this id. */
  release(id: string, server: T): void {
    const end = () => this.#end(id, server)
    let timer = setTimeout(end, STOPPED_WITHIN_MS)
    const cancel = this.#onFlows('flows:stopped', () => {
      clearTimeout(timer)
      timer = setTimeout(end, ADOPT_WITHIN_MS)
    })
    const keep = () => {
      clearTimeout(timer)
      cancel()
    }
    this.#kept.set(id, { server, keep })
  }

  /**
   * The server that was left to this id, when its configuration is the same. With another one it is closed first,
   * whole: its port must be free before the next one listens.
   * @returns or what the last one of this id left
   */
  async adopt(id: string, key: string): Promise<{ readonly server: T | null; readonly left: Left | null }> {
    const kept = this.#kept.get(id)
    if (kept?.server.key === key && kept.server.adoptable) {
      kept.keep()
      this.#kept.delete(id)
      return { server: kept.server, left: null }
    }
    await this.#endNow(id)
    return { server: null, left: this.#left.get(id) ?? null }
  }

  /** Ends, whole, whoever of those left holds one of these ports: somebody needs it now. */
  async free(...ports: readonly (number | null | undefined)[]): Promise<void> {
    const holders = [...this.#kept].filter(
      ([
        ,
        {
          server: { address }
        }
      ]) => [address?.port, address?.wsPort].some(port => port && ports.includes(port))
    )
    await Promise.all(holders.map(([id]) => this.#endNow(id)))
  }

  /** The node is gone for good: what was left is ended, whole, and all of it forgotten. */
  async forget(id: string): Promise<void> {
    await this.#endNow(id)
    this.#left.delete(id)
  }

  async #endNow(id: string): Promise<void> {
    const kept = this.#kept.get(id)
    if (kept) this.#end(id, kept.server)
    await this.#ending.get(id)
  }

  #end(id: string, server: T): void {
    this.#kept.get(id)?.keep()
    this.#kept.delete(id)
    const { address, last } = server
    if (address) this.#left.set(id, { address, last })
    const ending = server.close().finally(() => {
      if (this.#ending.get(id) === ending) this.#ending.delete(id)
    })
    this.#ending.set(id, ending)
  }
}
