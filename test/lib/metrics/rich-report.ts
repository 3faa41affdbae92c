import type { Curves } from '../../../lib/metrics/curves.js'
import type { PageFacts } from '../../../lib/metrics/page/page-facts.js'
import type { LaneReport, Report } from '../../../lib/metrics/report.js'
import { seededRandom } from '../../../lib/workload/random.js'
import { noTotals, pollSettings, START } from './simulation.js'
import { pull, workbench } from './workbench.js'

/** A name that would do harm in a page, in a table and in a label. */
export const HOSTILE = `=1+1,"</title><script>alert('x')</script>\\\n`

/** Every kind of thing that a report may tell, measured but for what is laid over it here. */
export function richReport(name = 'push'): { readonly report: Report; readonly curves: Curves } {
  const metrics = richMetrics(name)
  const measured = metrics.report(true)
  const lanes = measured.lanes.map(withMore)
  const claims = [
    {
      id: `latency ${name}`,
      verdict: 'holds',
      figures: { push: 12.5, pull: null, [`of ${name}`]: name },
      reason: { code: 'X', params: {}, message: `Measured by ${name}.` }
    }
  ] as const
  return {
    report: { ...measured, name, lanes, claims: [...measured.claims, ...claims] },
    curves: metrics.curves()
  }
}

/** Push, and polls every 2 s and every 30 s, over 20 minutes of Poisson updates. */
export function richMetrics(name = 'push') {
  const bench = workbench({ name: 'rich' })
  const random = seededRandom(7)
  let due = 0
  const records: { readonly at: number; run(): void }[] = []
  let sequence = 0
  const made: { readonly at: number; readonly update: ReturnType<typeof bench.update> }[] = []
  for (;;) {
    due += -Math.log(1 - random()) * 1500
    if (due > 1_200_000) break
    sequence += 1
    const [number, at] = [sequence, due]
    const update = bench.update(number, at)
    made.push({ at, update })
    records.push({ at, run: () => bench.generate(number, at) })
    const arrival = at + 5 + random() * 20
    records.push({ at: arrival, run: () => bench.deliver(update, arrival, { sourceName: name }) })
  }
  for (const interval of [2000, 30_000]) {
    const identity = { ...pull, source: `poll${interval}`, sourceName: `poll ${name} ${interval}` }
    const settings = pollSettings(interval, 'latest')
    const totals = { ...noTotals }
    let held = 0
    for (let at = interval * 0.37; at < 1_200_000; at += interval) {
      const newest = made.filter(one => one.at <= at).at(-1)
      const fresh = newest !== undefined && newest.update.sequence > held
      const [poll, answered] = [at, at + 10]
      records.push({
        at: answered,
        run() {
          totals.requests += 1
          totals.bytesSent += 200
          totals.bytesReceived += fresh ? 460 : 120
          if (fresh) {
            totals.updates += 1
            bench.deliver(newest.update, answered, { ...identity, settings, totals: { ...totals } })
          } else totals.notModified += 1
          bench.exchange(
            answered,
            { ...totals },
            {
              ...identity,
              outcome: fresh ? 'updated' : 'not-modified',
              startedAt: START + poll,
              endedAt: START + answered,
              updates: fresh ? 1 : 0,
              bytesSent: 200,
              bytesReceived: fresh ? 460 : 120,
              settings,
              totals: { ...totals }
            }
          )
        }
      })
      if (fresh) held = newest.update.sequence
    }
  }
  records.push({
    at: 1_199_000,
    run() {
      const server = { at: START + 1_199_000, since: START, busyMs: 690, cpuMs: 345, connections: 1 }
      bench.exchange(
        1_199_000,
        {
          updates: sequence,
          bytesReceived: sequence * 310,
          bytesSent: sequence * 4,
          connections: 1,
          open: 1
        },
        {
          model: 'push',
          source: 'push',
          sourceName: name,
          kind: 'traffic',
          outcome: 'traffic',
          settings: null,
          server: { ...server, dropped: 0, refused: 0, expired: 0, updates: sequence }
        }
      )
    }
  })
  records.sort((a, b) => a.at - b.at)
  for (const { run } of records) run()
  bench.at(1_200_000)
  return bench.metrics
}

function withMore(lane: LaneReport, place: number): LaneReport {
  const { latencyMs } = lane
  const around = (value: number) => [value * 0.96875, value * 1.03125] as const
  return {
    ...lane,
    latencyMs:
      latencyMs === null
        ? null
        : {
            ...latencyMs,
            ci95: { mean: around(latencyMs.mean), p50: around(latencyMs.p50), p99: null }
          },
    theory: {
      latencyMeanMs: 1010.25,
      emptyShare: 0.2625,
      supersededShare: 0.4375,
      ageMeanMs: 2500.5,
      freshShare: 0.5125,
      requestsPerUpdate: 1.375,
      plusMinus: 5.5
    },
    clock: { offsetMs: -0.75, errorMs: 0.5 },
    scheduleLagMs: { p50: 0.25, p99: 1.5 },
    outages: [
      {
        cause: place === 0 ? 'fault' : 'unknown',
        from: START + 60_000,
        back: START + 65_000,
        until: place === 0 ? START + 65_250 : null,
        recoveryMs: place === 0 ? 5250 : null,
        lost: 3,
        duplicate: 1,
        late: 2,
        reconnects: 1
      }
    ],
    flags: [
      ...lane.flags,
      {
        code: 'CLOCK',
        params: {},
        message: `The clock of ${lane.name} is off.`,
        spoils: ['latencyMs'],
        remedy: 'Set <it>.'
      }
    ]
  }
}

export const FACTS: PageFacts = {
  versions: [
    ['a package', '1.2.3'],
    ['Node.js', 'v20.19.0']
  ],
  settings: [['Target', '95 % within 1000 ms']],
  workloads: [
    {
      name: 'Earthquakes <live>',
      settings: [
        ['arrivals', 'poisson'],
        ['seed', '42']
      ]
    }
  ],
  plans: { clients: 1, maxRequestsPerSecond: null, maxBytesPerDay: 1e8 }
}
