import type { SubscriberState } from '../../lib/push/subscriber.js'
import type { Ms } from '../../lib/units.js'
import { statusText } from '../shared/define-node.js'
import type { ServerState } from '../shared/server-node.js'
import type { looks } from '../shared/status.js'

/** What a push-source says about itself. */
export interface PushFigures {
  readonly server: ServerState
  readonly subscriber: SubscriberState
  /** New updates since the last deploy. */
  readonly updates: number
  readonly lost: number
  /** Of the last update; null = not known. */
  readonly latencyMs: Ms | null
}

type Word = 'waiting' | 'connecting' | 'connected' | 'lost'
const MOST = 20

/** What is wrong, else how far it got, else `12 · 0.6 ms · :41234`: as much of it as fits. */
export function pushStatus(
  { server, subscriber, updates, lost, latencyMs }: PushFigures,
  word: (key: Word) => string
): [keyof typeof looks, string] {
  switch (subscriber.kind) {
    case 'failed':
    case 'retrying':
      return ['bad', statusText(subscriber.error.code)]
    case 'connecting':
      return subscriber.error ? ['bad', statusText(subscriber.error.code)] : ['waiting', word('connecting')]
    case 'waiting':
      return 'error' in server ? ['bad', statusText(server.error.code)] : ['waiting', word('waiting')]
    case 'subscribed': {
      const port = server.kind === 'listening' ? [`:${server.address.port}`] : []
      const count = updates === 0 ? word('connected') : String(updates)
      const last = latencyMs === null ? [] : [shortTime(latencyMs)]
      if (lost > 0) return ['limited', fitting([count, `${lost} ${word('lost')}`])]
      return ['good', fitting([count, ...last, ...port])]
    }
  }
}

function fitting(parts: readonly string[]): string {
  const whole = parts.join(' · ')
  return whole.length <= MOST || parts.length === 1 ? whole : fitting(parts.slice(0, -1))
}

/** `0.6 ms`, `42 ms`, `2.5 s`, `12 min`: a latency at a glance. Negative ones too: clocks differ. */
function shortTime(ms: Ms): string {
  const size = Math.abs(ms)
  if (size < 10) return `${ms.toFixed(1)} ms`
  if (size < 1000) return `${ms.toFixed(0)} ms`
  if (size < 100_000) return `${(ms / 1000).toFixed(1)} s`
  return `${(ms / 60_000).toFixed(0)} min`
}
