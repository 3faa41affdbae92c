import { performance } from 'node:perf_hooks'
import type { Node, NodeStatus } from 'node-red'
import { untilBeat } from './beat.js'

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

type Look = keyof typeof looks

/**
 * Shows states at a node, at most two a second: the last one of a busy half second wins.
 * @returns `show`, also with a function that is asked only when its state is about to be shown, and `close`; after
 * `close` nothing is shown
 */
export function statusReporter(node: Node): {
  show(look: Look, text: string): void
  showAsked(ask: () => readonly [Look, string]): void
  close(): void
} {
  let timer: NodeJS.Timeout | undefined
  let next: (() => readonly [Look, string]) | undefined
  let shown = ''
  let closed = false
  /** Half seconds since the process began, when the last one was shown. */
  let shownIn = -1
  const flush = (halfSecond: number) => {
    clearTimeout(timer)
    timer = undefined
    if (next === undefined) return
    const [look, text] = next()
    next = undefined
    const status = { ...looks[look], text: text.slice(0, 20) }
    const key = JSON.stringify(status)
    shownIn = halfSecond
    if (key === shown) return
    shown = key
    node.status(status)
  }
  const showAsked = (ask: () => readonly [Look, string]) => {
    if (closed) return
    next = ask
    const halfSecond = Math.floor(performance.now() / LEAST_GAP_MS)
    if (halfSecond > shownIn) flush(halfSecond)
    else timer ??= setTimeout(flush, untilBeat(LEAST_GAP_MS), halfSecond + 1)
  }
  return {
    show: (look, text) => showAsked(() => [look, text]),
    showAsked,
    close() {
      closed = true
      clearTimeout(timer)
      timer = undefined
      next = undefined
    }
  }
}
