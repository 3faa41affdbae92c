import type { Workload, WorkloadOptions } from '../../lib/workload/workload.js'
import type { looks } from '../shared/status.js'
import { type StatusWord, saying, statusWords } from '../shared/status-words.js'

/** From here on the lag is worth a place in 20 characters. */
const LATE_MS = 100

/** Rate, count and, when it is late, lag: `0.5/s · 12`, `×300 · 41 +2 s`. */
export function workloadStatus(
  { arrivals, rate, speed }: WorkloadOptions,
  workload: Workload | undefined,
  word: (key: StatusWord) => string
): [keyof typeof looks, string] {
  if (!workload) return saying('stopped', word)
  if (workload.state !== 'running')
    return [statusWords[workload.state], `${word(workload.state)} · ${workload.count}`]
  const late = workload.lagMs >= LATE_MS
  const pace = arrivals === 'replay' ? `×${brief(speed)}` : `${brief(rate)}/s`
  const lag = late ? ` +${duration(workload.lagMs)}` : ''
  return [late ? 'limited' : 'good', `${pace} · ${brief(workload.count)}${lag}`]
}

/** At most five characters: `0.5`, `12345`, `123k`, `1.23M`. */
function brief(value: number): string {
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`
  if (value >= 1e5) return `${Math.floor(value / 1e3)}k`
  return String(value >= 100 ? Math.floor(value) : Number(value.toPrecision(3)))
}

const duration = (ms: number): string =>
  ms < 1000 ? `${Math.round(ms)} ms` : `${brief(Math.round(ms / 1000))} s`
