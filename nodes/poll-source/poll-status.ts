import type { PollState } from '../../lib/poll/poller-options.js'
import type { Ms } from '../../lib/units.js'
import { statusText } from '../shared/define-node.js'
import type { ServerState } from '../shared/server-node.js'
import type { looks } from '../shared/status.js'

/** What a poll-source says about itself. */
export interface PollFigures {
  /** Null for a URL. */
  readonly server: ServerState | null
  /** Null before the first poll has ended. */
  readonly state: PollState | null
  readonly now: number
  /** New updates since the last deploy. */
  readonly updates: number
  /** Of the last update; null = not known. */
  readonly latencyMs: Ms | null
}

type Word = 'waiting' | 'idle' | 'paused' | 'retryAfter' | 'noUpdate' | 'polling'

/** What is wrong, else what it waits for, else `12 · 2.5 s`: updates and the latency of the last one. */
export function pollStatus(
  { server, state, now, updates, latencyMs }: PollFigures,
  word: (key: Word) => string
): [keyof typeof looks, string] {
  if (server && 'error' in server) return ['bad', statusText(server.error.code)]
  switch (state?.kind) {
    case undefined:
    case 'polling':
      return ['waiting', word(server && server.kind !== 'listening' ? 'waiting' : 'polling')]
    case 'idle':
      return ['idle', word('idle')]
    case 'paused':
      return ['idle', word('paused')]
    case 'throttled':
      return ['limited', `${word('retryAfter')} ${shortTime(Math.max(0, state.until - now))}`]
    case 'failed':
      return [state.error.code === 'NO_HOLD' ? 'limited' : 'bad', statusText(state.error.code)]
    case 'ok': {
      const last = latencyMs === null ? [] : [shortTime(latencyMs)]
      return ['good', updates === 0 ? word('noUpdate') : [String(updates), ...last].join(' · ')]
    }
  }
}

/** `0.6 ms`, `42 ms`, `2.5 s`, `12 min`. Negative ones too: clocks differ. */
function shortTime(ms: Ms): string {
  const size = Math.abs(ms)
  if (size < 10) return `${ms.toFixed(1)} ms`
  if (size < 1000) return `${ms.toFixed(0)} ms`
  if (size < 100_000) return `${(ms / 1000).toFixed(1)} s`
  return `${(ms / 60_000).toFixed(0)} min`
}
