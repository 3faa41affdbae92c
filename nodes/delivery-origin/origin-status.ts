import type { DeliveryError } from '../../lib/errors.js'
import { statusText } from '../shared/define-node.js'
import type { ServerState } from '../shared/server-node.js'
import type { looks } from '../shared/status.js'

/** What the servers cannot do, else the last error, else the count and the ports: `12 · :41234 :39871`. */
export function originStatus(
  states: readonly ServerState[],
  count: number,
  lastError: DeliveryError | undefined,
  word: (key: 'starting' | 'ready') => string
): [keyof typeof looks, string] {
  for (const state of states)
    if (state.kind === 'failed' || state.kind === 'retrying') return ['bad', statusText(state.error.code)]
  if (lastError) return ['bad', statusText(lastError.code)]
  if (states.some(({ kind }) => kind === 'starting' || kind === 'idle')) return ['waiting', word('starting')]
  const ports = states.flatMap(state => (state.kind === 'listening' ? [`:${state.address.port}`] : []))
  const counted = count === 0 ? word('ready') : String(count)
  const whole = [counted, ports.join(' ')].filter(part => part !== '').join(' · ')
  return ['good', whole.length <= 20 ? whole : counted]
}
