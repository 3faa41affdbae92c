import type { Ms } from '../../lib/units.js'
import { statusText } from '../shared/define-node.js'
import type { ServerState } from '../shared/server-node.js'
import type { looks } from '../shared/status.js'
import { type StatusWord, saying, statusWords } from '../shared/status-words.js'

/** Waits to be asked, or what is left of the outage: `away · 3 s`; a server that cannot listen says why. */
export function faultStatus(
  { states, leftMs }: { readonly states: readonly ServerState[]; readonly leftMs: Ms | null },
  word: (key: StatusWord) => string
): [keyof typeof looks, string] {
  for (const state of states) if ('error' in state) return ['bad', statusText(state.error.code)]
  if (leftMs === null) return saying('onDemand', word)
  return [statusWords.away, `${word('away')} · ${Math.max(0, Math.ceil(leftMs / 1000))} s`]
}
