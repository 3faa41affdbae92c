import type { PollState } from '../../lib/poll/poller-options.js'
import type { Ms } from '../../lib/units.js'
import { statusText } from '../shared/define-node.js'
import type { ServerState } from '../shared/server-node.js'
import type { looks } from '../shared/status.js'
import { fitting, latencyPart, portPart, shortTime } from '../shared/status-text.js'
import { type StatusWord, saying, statusWords } from '../shared/status-words.js'

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

/** What is wrong, else what it waits for, else `12 · 2.5 s · :39871`: as much of it as fits. */
export function pollStatus(
  { server, state, now, updates, latencyMs }: PollFigures,
  word: (key: StatusWord) => string
): [keyof typeof looks, string] {
  if (server && 'error' in server) return ['bad', statusText(server.error.code)]
  switch (state?.kind) {
    case undefined:
    case 'polling':
      return saying(server === null || isReady(server) ? 'polling' : 'waitingFeed', word)
    case 'idle':
      return saying('onDemand', word)
    case 'paused':
      return saying('paused', word)
    case 'throttled':
      return [statusWords.retryAfter, `${word('retryAfter')} ${shortTime(Math.max(0, state.until - now))}`]
    case 'failed':
      return [state.error.code === 'NO_HOLD' ? 'limited' : 'bad', statusText(state.error.code)]
    case 'ok':
      if (updates === 0) return saying('noUpdate', word)
      return ['good', fitting([String(updates), ...latencyPart(latencyMs), ...portPart(server)])]
  }
}

const isReady = ({ kind }: ServerState): boolean => kind === 'listening' || kind === 'external'
