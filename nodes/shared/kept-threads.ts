import type { ServerThread, ThreadState } from '../../lib/thread/server-thread.js'
import type { ListenAddress, ServerNotice } from '../../lib/thread/thread-server.js'
import type { OnFlowEvent } from './flow-events.js'

/** Who hears of a thread: the config node that has it now. */
export interface ThreadOwner {
  onState(state: ThreadState): void
  onNotice(notice: ServerNotice): void
}

/** A server thread that outlives the config node that started it. */
export interface HostedThread {
  readonly thread: ServerThread
  /** Its whole effective configuration: a successor with another one cannot adopt it. */
  readonly key: string
  owner: ThreadOwner | null
}

/** A thread that nobody adopts in this time after the flows have stopped is ended. */
const ADOPT_WITHIN_MS = 2000
/** Flows have stopped when the slowest node has closed; Node-RED waits 15 s for it. */
const STOPPED_WITHIN_MS = 20_000

interface Kept {
  readonly hosted: HostedThread
  /** It is not ended any more. */
  keep(): void
}

/**
 * The threads of one server type between two lives of their config nodes, by node id: released at close,
 * adopted by the successor, ended when none comes within 2 s after the flows have stopped.
 */
export class KeptThreads {
  readonly #kept = new Map<string, Kept>()
  readonly #ending = new Map<string, Promise<void>>()
  readonly #addresses = new Map<string, ListenAddress>()
  readonly #onFlows: OnFlowEvent

  constructor(onFlows: OnFlowEvent) {
    this.#onFlows = onFlows
  }

  /** Leaves a thread to the successor with this id. */
  release(id: string, hosted: HostedThread): void {
    const end = () => this.#end(id, hosted)
    let timer = setTimeout(end, STOPPED_WITHIN_MS)
    const cancel = this.#onFlows('flows:stopped', () => {
      clearTimeout(timer)
      timer = setTimeout(end, ADOPT_WITHIN_MS)
    })
    const keep = () => {
      clearTimeout(timer)
      cancel()
    }
    this.#kept.set(id, { hosted, keep })
  }

  /**
   * The thread that was left to this id, when its configuration is the same. With another one it is closed first,
   * whole: its port must be free before the next one listens.
   * @returns also where the last thread of this id listened
   */
  async adopt(
    id: string,
    key: string
  ): Promise<{ readonly hosted: HostedThread | null; readonly had: ListenAddress | null }> {
    const kept = this.#kept.get(id)
    // one that failed for good is tried anew by a deploy
    if (kept?.hosted.key === key && kept.hosted.thread.state.kind !== 'failed') {
      kept.keep()
      this.#kept.delete(id)
      return { hosted: kept.hosted, had: kept.hosted.thread.address }
    }
    await this.#endNow(id)
    return { hosted: null, had: this.#addresses.get(id) ?? null }
  }

  /** The node is gone for good: what was left is ended, whole, and its address forgotten. */
  async forget(id: string): Promise<void> {
    await this.#endNow(id)
    this.#addresses.delete(id)
  }

  async #endNow(id: string): Promise<void> {
    const kept = this.#kept.get(id)
    if (kept) this.#end(id, kept.hosted)
    await this.#ending.get(id)
  }

  #end(id: string, hosted: HostedThread): void {
    this.#kept.get(id)?.keep()
    this.#kept.delete(id)
    const { address } = hosted.thread
    if (address) this.#addresses.set(id, address)
    const ending = hosted.thread.close().finally(() => {
      if (this.#ending.get(id) === ending) this.#ending.delete(id)
    })
    this.#ending.set(id, ending)
  }
}
