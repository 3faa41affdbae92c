import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import type { LaneReport, Report, Theory } from '../../lib/metrics/report.js'
import { eventually, type FlowNode, NodeRed } from '../helpers/node-red.js'

const z = 'c0a1000000000000'
const [broker, feed, workload, origin, metrics] = [1, 2, 3, 4, 5].map(n => `c0a100000000000${n}`)
const RATE = 10
const UPDATES = 350
/** Timers of 1 ms on two threads, and their turns. */
const LEAST_RESOLUTION_MS = 5

const pollers = {
  'interval, latest': { read: 'latest', trigger: 'interval', intervalMs: '300' },
  'interval, log': { read: 'log', trigger: 'interval', intervalMs: '450' },
  'interval with jitter': { read: 'latest', trigger: 'interval', intervalMs: '400', jitter: '1' },
  'long poll': { read: 'log', trigger: 'long-poll', waitMs: '3000' },
  adaptive: {
    read: 'latest',
    trigger: 'adaptive',
    intervalMs: '300',
    minIntervalMs: '100',
    maxIntervalMs: '1000'
  }
}
const measured = [[metrics], [metrics]]

/** Six consumers of one seeded Poisson stream. */
const flows: FlowNode[] = [
  { id: z, type: 'tab', label: 'Theory' },
  { id: broker, type: 'push-broker', name: 'Broker' },
  { id: feed, type: 'poll-feed', name: 'Feed' },
  { id: workload, type: 'delivery-workload', z, rate: String(RATE), seed: '7', wires: [[origin]] },
  { id: origin, type: 'delivery-origin', z, broker, feed, wires: [[metrics]] },
  { id: 'c0a1000000000010', type: 'push-source', z, name: 'push', broker, wires: measured },
  ...Object.entries(pollers).map(([name, settings], index) => ({
    id: `c0a100000000002${index}`,
    type: 'poll-source',
    z,
    name,
    feed,
    ...settings,
    wires: measured
  })),
  { id: metrics, type: 'delivery-metrics', z, warmUpSeconds: '1', emitEverySeconds: '0', wires: [[], []] }
].map(node => ('z' in node ? { x: 100, y: 100, ...node } : node)) as FlowNode[]

/**
 * Four standard errors of each figure of a lane, by the lane's own numbers, and the resolution: a busy machine is late
 * in what no theory knows. So much later costs at most rate × so much of freshness.
 */
function boundsOf(
  lane: LaneReport,
  theory: Theory,
  resolutionMs: number
): Record<keyof Omit<Theory, 'plusMinus'>, number> {
  const { latencyMs, updates, exchanges } = lane
  const count = Math.max(1, latencyMs?.count ?? 0)
  const polls = Math.max(1, exchanges.requests ?? 0)
  const histogram = latencyMs?.histogram
  const variance = histogram ? histogram.sumSquares / count - (histogram.sum / count) ** 2 : 0
  const [low, high] = latencyMs?.ci95.mean ?? [0, 0]
  // what follows itself varies more than so many independent values would
  const se = Math.max(Math.sqrt(Math.max(0, variance) / count), (high - low) / 2 / 1.96)
  const ofShare = (share: number | null, of: number): number =>
    4 * Math.sqrt(((share ?? 0) * (1 - (share ?? 0))) / of) + 0.02
  return {
    latencyMeanMs: 4 * se + theory.plusMinus + resolutionMs,
    // one gap more or less at the end, too
    ageMeanMs: 6 * se + theory.plusMinus + resolutionMs + (4 * (theory.ageMeanMs ?? 0)) / count,
    freshShare:
      ofShare(theory.freshShare, Math.min(count, lane.model === 'push' ? count : polls)) +
      (RATE / 1000) * resolutionMs,
    emptyShare: ofShare(theory.emptyShare, polls),
    supersededShare: 1.5 * ofShare(theory.supersededShare, updates.delivered),
    requestsPerUpdate: (4 * (theory.requestsPerUpdate ?? 0)) / Math.sqrt(count) + 0.02
  }
}

const figuresOf = (lane: LaneReport): Omit<Theory, 'plusMinus'> => ({
  latencyMeanMs: lane.latencyMs?.mean ?? null,
  ageMeanMs: lane.ageMs.mean,
  freshShare: lane.freshShare,
  emptyShare: lane.exchanges.emptyShare,
  supersededShare: (lane.updates.superseded ?? 0) / Math.max(1, lane.latencyMs?.count ?? 0),
  requestsPerUpdate: lane.exchanges.requestsPerUpdate
})

describe('theory beside what a running Node-RED measures', function () {
  this.timeout(120_000)
  let red: NodeRed
  let report: Report

  before('measure for half a minute', async () => {
    red = await NodeRed.start({ flows })
    // seldom: to be watched costs the runtime time
    await eventually(async () => {
      await pause(1000)
      const { streams } = await red.get<Report>(`/delivery/metrics/${metrics}?frontier=0`)
      assert.ok((streams[0]?.generated ?? 0) >= UPDATES)
    }, 90_000)
    report = await red.get<Report>(`/delivery/metrics/${metrics}?detail=1&frontier=0`)
  })
  after(() => red?.close())

  for (const name of ['push', ...Object.keys(pollers)])
    it(`agrees within four standard errors and the resolution: ${name}`, () => {
      const lane = report.lanes.find(candidate => candidate.name === name) ?? assert.fail('no lane')
      const theory = lane.theory ?? assert.fail('no theory')
      // push waits for nothing but the machine
      const pushed = report.lanes.find(({ model }) => model === 'push')?.latencyMs?.mean ?? 0
      const resolutionMs = LEAST_RESOLUTION_MS + 2 * pushed
      const figures = figuresOf(lane)
      const bounds = boundsOf(lane, theory, resolutionMs)
      const told = (Object.keys(figures) as (keyof typeof figures)[]).filter(key => theory[key] !== null)
      assert.equal(told.length, name === 'push' ? 2 : 6)
      for (const key of told) {
        const off = Math.abs((figures[key] ?? Number.NaN) - (theory[key] ?? 0))
        assert.ok(
          off <= bounds[key],
          `${key}: measured ${figures[key]}, theory ${theory[key]} ± ${bounds[key]}`
        )
      }
    })
})
