import type { Node, NodeStatus } from 'node-red'

/** One vocabulary for all nodes: what a state looks like. */
export const looks = {
  /** Waiting for something else: a server, a configuration. */
  waiting: { fill: 'yellow', shape: 'ring' },
  /** Working, connected, listening. */
  good: { fill: 'green', shape: 'dot' },
  /** In order, but idle or switched off. */
  idle: { fill: 'grey', shape: 'ring' },
  /** Works, but something was limited: throttled, skipped. */
  limited: { fill: 'yellow', shape: 'dot' },
  /** Does not work; the text is the code. */
  bad: { fill: 'red', shape: 'ring' }
} as const satisfies Record<string, NodeStatus>

const LEAST_GAP_MS = 500

/**
 * Shows states at a node, at most two a second: the last one of a busy half second wins.
 * @returns `show` and `close`; after `close` nothing is shown
 */
export function statusReporter(node: Node): {
  show(look: keyof typeof looks, text: string): void
  close(): void
} {
  let timer: NodeJS.Timeout | undefined
  let next: NodeStatus | undefined
  let shown = ''
  let closed = false
  const flush = () => {
    timer = undefined
    if (next === undefined) return
    const status = next
    next = undefined
    node.status(status)
    timer = setTimeout(flush, LEAST_GAP_MS)
  }
  return {
    show(look, text) {
      if (closed) return
      const status = { ...looks[look], text: text.slice(0, 20) }
      const key = JSON.stringify(status)
      if (key === shown) return
      shown = key
      next = status
      if (timer === undefined) flush()
    },
    close() {
      closed = true
      clearTimeout(timer)
      timer = undefined
      next = undefined
    }
  }
}
