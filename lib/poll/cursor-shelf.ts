import type { Cursor, Cursors } from './cursor.js'

/** Resources whose cursors are kept: `msg.url` may name any number. */
const MOST = 20

/** Keeps one cursor for each resource, of the last ones that were read. */
export class CursorShelf {
  readonly #cursors: Map<string, Cursor>
  readonly #onChange: () => void
  /** Forgetting counts it up, so that a poll under way does not bring its cursor back. */
  #generation = 0

  constructor(cursors: Cursors, onChange: () => void) {
    this.#cursors = new Map(Object.entries(cursors))
    this.#onChange = onChange
  }

  get(resource: string): Cursor | null {
    return this.#cursors.get(resource) ?? null
  }

  /** How one poll puts its cursors back; after `clear` it no longer does. */
  keeper(resource: string): (cursor: Cursor) => void {
    const generation = this.#generation
    return cursor => {
      if (generation !== this.#generation || this.#cursors.get(resource) === cursor) return
      this.#cursors.delete(resource)
      this.#cursors.set(resource, cursor)
      for (const oldest of this.#cursors.keys()) {
        if (this.#cursors.size <= MOST) break
        this.#cursors.delete(oldest)
      }
      this.#onChange()
    }
  }

  clear(): void {
    this.#generation += 1
    this.#cursors.clear()
    this.#onChange()
  }

  /** Plain JSON. */
  all(): Cursors {
    return Object.fromEntries(this.#cursors)
  }
}
