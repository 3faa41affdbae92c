import type { DeliveryMetrics } from '../../lib/metrics/delivery-metrics.js'
import { pollSettings, START } from '../lib/metrics/simulation.js'
import { pull, workbench } from '../lib/metrics/workbench.js'

/** An update every 4 s; push takes 50 ms, a poll takes every second one 2 s after it. */
export function measured(): DeliveryMetrics {
  const bench = workbench()
  const settings = pollSettings(8000, 'latest')
  for (let sequence = 1; sequence <= 8; sequence += 1) {
    const at = sequence * 4000
    const update = bench.generate(sequence, at)
    bench.deliver(update, at + 50)
    if (sequence % 2 === 0) bench.deliver(update, at + 2000, { ...pull, settings })
    // nobody says when it was generated, and its exchanges are not wired
    bench.deliver(update, at + 2001, {
      source: 'dark',
      sourceName: 'dark',
      id: `foreign ${sequence}`,
      epoch: null,
      sequence: null,
      generatedAt: null
    })
  }
  const { exchange, at, metrics } = bench
  const totals = { requests: 10, empty: 6, updates: 4, bytesSent: 1000, bytesReceived: 3000, open: 1 }
  exchange(34_500, { ...totals, connections: 1 }, { settings, outcome: 'empty', endedAt: START + 34_500 })
  const server = { at: START + 34_500, since: START, busyMs: 690, cpuMs: 345, connections: 1, dropped: 0 }
  exchange(
    34_600,
    { updates: 8, bytesReceived: 2400 },
    {
      model: 'push',
      source: 'push',
      sourceName: 'push',
      kind: 'traffic',
      outcome: 'traffic',
      settings: null,
      server: { ...server, refused: 0, expired: 0, updates: 8 }
    }
  )
  at(35_000)
  return metrics
}
