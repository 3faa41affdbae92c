import type { DeliveryError } from '../../lib/errors.js'
import { statusText } from '../shared/define-node.js'
import type { ServerState } from '../shared/server-node.js'
import type { looks } from '../shared/status.js'
import { fitting, portPart } from '../shared/status-text.js'
import { type StatusWord, saying, statusWords } from '../shared/status-words.js'

/** What an origin says about itself. */
export interface OriginFigures {
  /** Null when it has none. */
  readonly broker: ServerState | null
  readonly feed: ServerState | null
  readonly updates: number
  readonly lastError: DeliveryError | undefined
}

/** What the servers cannot do, else the last error, else the count and the ports: `12 · :41234 :39871`. */
export function originStatus(
  { broker, feed, updates, lastError }: OriginFigures,
  word: (key: StatusWord) => string
): [keyof typeof looks, string] {
  for (const server of [broker, feed])
    if (server && 'error' in server) return ['bad', statusText(server.error.code)]
  if (lastError) return ['bad', statusText(lastError.code)]
  if (isAwaited(broker)) return saying('waitingBroker', word)
  if (isAwaited(feed)) return saying('waitingFeed', word)
  const ports = [...portPart(broker), ...portPart(feed)].join(' ')
  const count = updates === 0 ? word('noUpdate') : String(updates)
  return [statusWords.noUpdate, fitting(ports === '' ? [count] : [count, ports])]
}

const isAwaited = (server: ServerState | null): boolean =>
  server?.kind === 'starting' || server?.kind === 'idle'
