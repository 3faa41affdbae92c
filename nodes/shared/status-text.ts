import type { Ms } from '../../lib/units.js'
import type { ServerState } from './server-node.js'

/** What fits under a node. */
const MOST = 20

/** `12 · 0.6 ms · :41234`: as many of the parts as fit, the first always. */
export function fitting(parts: readonly string[]): string {
  const whole = parts.join(' · ')
  return whole.length <= MOST || parts.length <= 1 ? whole : fitting(parts.slice(0, -1))
}

/** `0.6 ms`, `42 ms`, `2.5 s`, `12 min`: a latency at a glance. Negative ones too: clocks differ. */
export function shortTime(ms: Ms): string {
  const size = Math.abs(ms)
  if (size < 10) return `${ms.toFixed(1)} ms`
  if (size < 1000) return `${ms.toFixed(0)} ms`
  if (size < 100_000) return `${(ms / 1000).toFixed(1)} s`
  return `${(ms / 60_000).toFixed(0)} min`
}

/** The last latency, if it is known. */
export const latencyPart = (latencyMs: Ms | null): readonly string[] =>
  latencyMs === null ? [] : [shortTime(latencyMs)]

/** The port of an embedded server: it may be any free one, and here one sees which. */
export const portPart = (server: ServerState | null): readonly string[] =>
  server?.kind === 'listening' ? [`:${server.address.port}`] : []
