import type { SubscriberState } from '../../lib/push/subscriber-options.js'
import type { Ms } from '../../lib/units.js'
import { statusText } from '../shared/define-node.js'
import type { ServerState } from '../shared/server-node.js'
import type { looks } from '../shared/status.js'
import { fitting, latencyPart, portPart } from '../shared/status-text.js'
import { type StatusWord, saying, statusWords } from '../shared/status-words.js'

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

/** What is wrong, else how far it got, else `12 · 0.6 ms · :41234`: as much of it as fits. */
export function pushStatus(
  { server, subscriber, updates, lost, latencyMs }: PushFigures,
  word: (key: StatusWord) => string
): [keyof typeof looks, string] {
  switch (subscriber.kind) {
    case 'failed':
    case 'retrying':
      return ['bad', statusText(subscriber.error.code)]
    case 'connecting':
      return subscriber.error ? ['bad', statusText(subscriber.error.code)] : saying('connecting', word)
    case 'waiting':
      return 'error' in server ? ['bad', statusText(server.error.code)] : saying('waitingBroker', word)
    case 'subscribed': {
      const count = updates === 0 ? word('noUpdate') : String(updates)
      if (lost > 0) return [statusWords.lost, fitting([count, `${lost} ${word('lost')}`])]
      return [statusWords.noUpdate, fitting([count, ...latencyPart(latencyMs), ...portPart(server)])]
    }
  }
}
