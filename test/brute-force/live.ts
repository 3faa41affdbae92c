import { setTimeout } from 'node:timers/promises'
import type { Decisions } from '../../lib/metrics/advice.js'
import type { LaneReport, Report } from '../../lib/metrics/report.js'
import { type Advice, decide } from '../../lib/theory/decision.js'
import type { Ms } from '../../lib/units.js'
import { type FlowNode, NodeRed } from '../helpers/node-red.js'
import { MULTIPLES } from './recorded.js'

const [tab, broker, feed, origin, metrics] = ['1', '2', '3', '4', '5'].map(
  digit => `b0f0000000000000${digit}`
)
const RATE = 5
const SHARE = 0.95
const WARM_UP_SECONDS = 2

export interface LiveRun {
  readonly advice: Advice
  readonly facts: Decisions['streams'][number]
  /** The push lane, then a polling lane for each multiple of the longest interval. */
  readonly lanes: readonly { readonly multiple: number | null; readonly lane: LaneReport }[]
  readonly seconds: number
}

/** Polls the same updates at the intervals around the advised one, all at once, in a real Node-RED. */
export async function tryLive(targetMs: Ms, seconds: number): Promise<LiveRun> {
  const red = await NodeRed.start()
  try {
    // the way back is some ms on this computer: what the advice takes it for is known only after the run
    const guessMs = targetMs / SHARE
    await red.deploy(flowOf(targetMs, guessMs))
    await setTimeout(seconds * 1000)
    const { lanes, advice, seconds: measured } = await red.report<Report>(metrics ?? '')
    const { streams, settings } = await red.get<Decisions>(`/delivery/metrics/${metrics}/decisions`)
    const [facts] = streams
    if (advice === null || facts === undefined) throw new Error('expected an advice, found none')
    const of = (name: string): LaneReport => {
      const found = lanes.find(lane => lane.name === name)
      if (found === undefined) throw new Error(`expected a lane ${name}, found none`)
      return found
    }
    return {
      advice: decide(facts, settings),
      facts,
      seconds: measured - WARM_UP_SECONDS,
      lanes: [
        { multiple: null, lane: of('push') },
        ...MULTIPLES.map(multiple => ({ multiple, lane: of(`x${multiple}`) }))
      ]
    }
  } finally {
    await red.close()
  }
}

function flowOf(targetMs: Ms, longestMs: Ms): FlowNode[] {
  const stream = 'brute-force'
  const source = (node: Omit<FlowNode, 'z' | 'x' | 'y'>) => ({
    ...node,
    z: tab,
    x: 100,
    y: 100,
    stream,
    wires: [[metrics], [metrics]]
  })
  return [
    { id: tab ?? '', type: 'tab', label: 'Brute force' },
    { id: broker ?? '', type: 'push-broker', name: 'Broker' },
    { id: feed ?? '', type: 'poll-feed', name: 'Feed' },
    {
      id: 'b0f00000000000006',
      type: 'delivery-workload',
      z: tab,
      x: 100,
      y: 100,
      rate: String(RATE),
      wires: [[origin]]
    },
    {
      id: origin ?? '',
      type: 'delivery-origin',
      z: tab,
      x: 100,
      y: 100,
      broker,
      feed,
      stream,
      wires: [[metrics]]
    },
    source({ id: 'b0f00000000000007', type: 'push-source', name: 'push', broker }),
    ...MULTIPLES.map((multiple, at) =>
      source({
        id: `b0f0000000000001${at}`,
        type: 'poll-source',
        name: `x${multiple}`,
        feed,
        intervalMs: String(Math.round(multiple * longestMs))
      })
    ),
    {
      id: metrics ?? '',
      type: 'delivery-metrics',
      z: tab,
      x: 100,
      y: 100,
      emitEverySeconds: '0',
      warmUpSeconds: String(WARM_UP_SECONDS),
      targetMs: String(targetMs),
      targetShare: String(SHARE),
      wires: [[], []]
    }
  ] as FlowNode[]
}
