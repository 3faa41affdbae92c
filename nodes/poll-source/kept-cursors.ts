import type { Node } from 'node-red'
import type { Cursors } from '../../lib/poll/cursor.js'
import { untilBeat } from '../shared/beat.js'

const CONTEXT_KEY = 'cursors'
/** The file store of Node-RED writes every 30 s: more often is not kept either. */
const COPY_EVERY_MS = 5000

interface Kept {
  /** What the cursors are valid for. */
  readonly key: string
  readonly cursors: Cursors
}

/** The cursors of one node: kept in memory over deploys, copied to node context for restarts. */
export interface CursorKeeper {
  /** Of the run before, if it read the same. */
  readonly first: Cursors
  /** They have changed: copied to context, at most every 5 s. */
  changed(): void
  /** The last state; `removed`: forgotten. */
  close(removed: boolean): void
}

/**
 * Keeps the cursors of all nodes of a type, by node id: without persistent context, Node-RED
 * deletes node context at every deploy.
 */
export function cursorKeepers(): (node: Node, key: string, cursors: () => Cursors) => CursorKeeper {
  const kept = new Map<string, Kept>()
  return (node, key, cursors) => {
    let timer: NodeJS.Timeout | undefined
    const copy = () => {
      timer = undefined
      node.context().set(CONTEXT_KEY, { key, cursors: cursors() }, error => {
        if (error) node.warn(error)
      })
    }
    const before = kept.get(node.id) ?? fromContext(node)
    return {
      first: before?.key === key ? before.cursors : {},
      changed() {
        timer ??= setTimeout(copy, untilBeat(COPY_EVERY_MS))
      },
      close(removed) {
        const due = timer !== undefined
        clearTimeout(timer)
        if (removed) {
          kept.delete(node.id)
          return
        }
        kept.set(node.id, { key, cursors: cursors() })
        if (due) copy()
      }
    }
  }
}

function fromContext(node: Node): Kept | undefined {
  let value: unknown
  try {
    value = node.context().get(CONTEXT_KEY)
  } catch {
    // a store without synchronous access: reading begins as if there were none
    return undefined
  }
  const { key, cursors } = (value ?? {}) as { key?: unknown; cursors?: unknown }
  const whole = typeof key === 'string' && typeof cursors === 'object' && cursors !== null
  return whole ? { key, cursors: cursors as Cursors } : undefined
}
