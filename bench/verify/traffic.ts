import { readFileSync } from 'node:fs'
import type { EpochMs, Ms } from '../../lib/units.js'
import { type ArrivalOptions, arrivals } from '../../lib/workload/arrivals.js'

/** One kind of traffic, and how it is polled. */
export interface Traffic {
  readonly name: string
  /** Instants of generation, ms from the first on. */
  readonly offsets: readonly Ms[]
  readonly intervalMs: Ms
}

const drawn = (count: number, more: Pick<ArrivalOptions, 'arrivals'> & Partial<ArrivalOptions>): Ms[] => {
  const defaults = { rate: 1, burstSize: 10, times: [], speed: 1, repeat: false, seed: 1 }
  const arriving = arrivals({ ...defaults, ...more })
  const offsets = Array.from({ length: count }, () => arriving.next().value?.offsetMs ?? 0)
  return offsets.map(offset => offset - (offsets[0] ?? 0))
}

/** A recorded stream, so much faster, from its beginning again after its end. */
function recorded(count: number, file: string, speed: number): Ms[] {
  const rows = readFileSync(`test/data/${file}.csv`, 'utf8').trim().split('\n').slice(1)
  const instants: EpochMs[] = rows.map(row => Date.parse(row.split(',', 1)[0] ?? ''))
  const times = instants.sort((a, b) => a - b).map(time => ({ time, item: null }))
  return drawn(count, { arrivals: 'replay', times, speed, repeat: true })
}

/** Five kinds of traffic; no interval is a simple fraction of a period. */
export const TRAFFIC: readonly Traffic[] = [
  { name: 'periodic, 1/s', offsets: drawn(1500, { arrivals: 'periodic' }), intervalMs: 1618.034 },
  { name: 'Poisson, 1/s', offsets: drawn(1500, { arrivals: 'poisson', seed: 3 }), intervalMs: 1000 },
  { name: 'bursts of 10, 1/s', offsets: drawn(3000, { arrivals: 'bursts', seed: 4 }), intervalMs: 2000 },
  { name: 'earthquakes ×300', offsets: recorded(1707, 'earthquakes', 300), intervalMs: 1000 },
  { name: 'branch ×50 000', offsets: recorded(1356, 'branch-updates', 50_000), intervalMs: 1728 }
]
