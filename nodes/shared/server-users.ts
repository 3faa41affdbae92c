import type { Node } from 'node-red'
import type { Update } from '../../lib/update/update.js'
import type { ServerState, ServerUser } from './server-node.js'

/** The nodes that use one config node, and the state that they are told. */
export class ServerUsers {
  readonly #users = new Set<ServerUser>()
  readonly #watchers = new Set<() => void>()
  #state: ServerState

  constructor(state: ServerState) {
    this.#state = state
  }

  get state(): ServerState {
    return this.#state
  }

  get size(): number {
    return this.#users.size
  }

  /** The nodes, as Node-RED wants them: it routes a config node's errors to its users' tabs by `node.users`. */
  get byId(): Record<string, Node> {
    return Object.fromEntries([...this.#users].map(({ node }) => [node.id, node]))
  }

  add(user: ServerUser): void {
    this.#users.add(user)
    user.onState?.(this.#state)
  }

  delete(user: ServerUser): boolean {
    return this.#users.delete(user)
  }

  /** Tells every user a new state. */
  show(state: ServerState): void {
    const news = state.kind !== this.#state.kind || 'error' in state || 'address' in state
    this.#state = state
    if (!news) return
    for (const user of this.#users) user.onState?.(state)
    for (const watcher of [...this.#watchers]) watcher()
  }

  /** Tells every user an update that an origin has handed over. */
  publish(update: Update): void {
    for (const user of this.#users) user.onUpdate?.(update)
  }

  /**
   * What `pick` finds in the first state where it finds something.
   * @throws what `pick` throws, or the signal's reason when aborted
   */
  when<T>(pick: (state: ServerState) => T | null, signal: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      const end = () => {
        this.#watchers.delete(look)
        signal.removeEventListener('abort', aborted)
      }
      const aborted = () => {
        end()
        reject(signal.reason)
      }
      const look = () => {
        try {
          const found = pick(this.#state)
          if (found === null) return
          end()
          resolve(found)
        } catch (error) {
          end()
          reject(error)
        }
      }
      if (signal.aborted) {
        reject(signal.reason)
        return
      }
      this.#watchers.add(look)
      signal.addEventListener('abort', aborted, { once: true })
      look()
    })
  }
}
