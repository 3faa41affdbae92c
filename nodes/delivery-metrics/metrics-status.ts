import { headline } from '../../lib/metrics/headline.js'
import type { Report } from '../../lib/metrics/report.js'
import type { looks } from '../shared/status.js'
import { type StatusWord, saying } from '../shared/status-words.js'

/** Push against pull in 20 characters, `0.6 ms vs 2.5 s`; else what there is to say yet. */
export function metricsStatus(
  report: Report,
  word: (key: StatusWord) => string
): [keyof typeof looks, string] {
  const { kind, text } = headline(report)
  if (kind === 'compared') return ['good', text]
  if (kind === 'one') return ['limited', text]
  return saying(report.lanes.length > 0 ? 'noUpdate' : 'noLane', word)
}
