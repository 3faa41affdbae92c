import * as crypto from 'node:crypto'

/**
 * Where reading of one resource stands: plain JSON, so that it can be kept over deploys and restarts.
 * Of `poll-source` it lives as long as base URL, stream and `read` stay.
 */
export interface Cursor {
  /** Validators of the last answer, for conditional requests (RFC 9110 §13). */
  readonly etag: string | null
  readonly lastModified: string | null
  /** Id of the last update held: cursor of the log, or the one in `/latest`. */
  readonly lastId: string | null
  /** Keys of foreign items already seen, oldest first. */
  readonly seen: readonly string[]
}

/** Cursors by resource: one for each URL that was asked. */
export type Cursors = Readonly<Record<string, Cursor>>

/** The keys of items that were seen: those of the last document and the last 10 000. */
export class Seen {
  readonly #keys: Set<string>
  readonly #most: number

  constructor(keys: readonly string[], most = 10_000) {
    this.#keys = new Set(keys)
    this.#most = most
  }

  has(key: string): boolean {
    return this.#keys.has(key)
  }

  /** Remembers one whole document, and forgets the oldest beyond the bound. */
  remember(document: readonly string[]): void {
    for (const key of document) {
      this.#keys.delete(key)
      this.#keys.add(key)
    }
    let surplus = this.#keys.size - Math.max(this.#most, document.length)
    for (const key of this.#keys) {
      if (surplus-- <= 0) break
      this.#keys.delete(key)
    }
  }

  list(): readonly string[] {
    return [...this.#keys]
  }
}

/** A key of bounded length: an id as it is, if short, else its hash. */
export const keyOfId = (id: string): string => (id.length <= 64 ? `#${id}` : hash(id))

/** The key of an item without an id: SHA-256 of its JSON, or of its bytes. */
export const keyOfItem = (item: unknown): string =>
  hash(Buffer.isBuffer(item) ? item : (JSON.stringify(item) ?? 'undefined'))

const hash = (content: string | Buffer): string => crypto.hash('sha256', content, 'base64url')
