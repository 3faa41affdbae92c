import type { Workload, WorkloadOptions } from '../../lib/workload/workload.js'
import type { looks } from '../shared/status.js'

/** From here on the lag is worth a place in 20 characters. */
const LATE_MS = 100

/** Rate, count and, when it is late, lag: `0.5/s · 12`, `×300 · 41 · +2 s`. */
export function workloadStatus(
  { arrivals, rate, speed }: WorkloadOptions,
  workload: Workload | undefined,
  word: (key: 'stopped' | 'paused' | 'ended') => string
): [keyof typeof looks, string] {
  if (!workload) return ['idle', word('stopped')]
  if (workload.state !== 'running') return ['idle', `${word(workload.state)} · ${workload.count}`]
  const late = workload.lagMs >= LATE_MS
  const parts = [
    arrivals === 'replay' ? `×${brief(speed)}` : `${brief(rate)}/s`,
    brief(workload.count),
    ...(late ? [`+${duration(workload.lagMs)}`] : [])
  ]
  return [late ? 'limited' : 'good', parts.join(' · ')]
}

/** At most six characters: `0.5`, `123456`, `1.23M`. */
function brief(value: number): string {
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`
  return String(Number(value.toPrecision(value >= 1000 ? 6 : 3)))
}

const duration = (ms: number): string =>
  ms < 1000 ? `${Math.round(ms)} ms` : `${brief(Math.round(ms / 1000))} s`
