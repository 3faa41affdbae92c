import type { FlowNode } from '../helpers/node-red.js'

export interface ComparisonOptions {
  /** Updates per second. @default 20 */
  readonly rate?: number
  /** @default 250 */
  readonly intervalMs?: number
  /** Fixed port of the broker. @default any */
  readonly port?: number
  readonly read?: 'latest' | 'log'
}

/** Ids of `comparison`. */
export const ids = {
  broker: 'c0a0000000000001',
  feed: 'c0a0000000000002',
  workload: 'c0a0000000000003',
  origin: 'c0a0000000000004',
  push: 'c0a0000000000005',
  poll: 'c0a0000000000006',
  metrics: 'c0a0000000000007',
  errors: 'c0a0000000000008'
} as const

/** The whole comparison on one tab, everything wired; what is not said is the default. */
export function comparison({
  rate = 20,
  intervalMs = 250,
  port = 0,
  read = 'latest'
}: ComparisonOptions = {}): FlowNode[] {
  const { broker, feed, workload, origin, push, poll, metrics } = ids
  const z = 'c0a0000000000000'
  return [
    { id: z, type: 'tab', label: 'Comparison' },
    { id: broker, type: 'push-broker', name: 'Broker', port: String(port) },
    { id: feed, type: 'poll-feed', name: 'Feed' },
    { id: workload, type: 'delivery-workload', z, x: 100, y: 60, rate: String(rate), wires: [[origin]] },
    { id: origin, type: 'delivery-origin', z, x: 300, y: 60, broker, feed, wires: [[metrics]] },
    { id: push, type: 'push-source', z, x: 300, y: 120, broker, wires: [[metrics], [metrics]] },
    {
      id: poll,
      type: 'poll-source',
      z,
      x: 300,
      y: 180,
      feed,
      read,
      intervalMs: String(intervalMs),
      wires: [[metrics], [metrics]]
    },
    {
      id: metrics,
      type: 'delivery-metrics',
      z,
      x: 500,
      y: 120,
      name: 'Comparison',
      emitEverySeconds: '0',
      warmUpSeconds: '1',
      wires: [[], []]
    }
  ]
}

/** The figures of a lane that these tests look at (CONTRACT 5). */
export interface Lane {
  readonly source: string
  readonly name: string
  readonly model: 'push' | 'pull'
  readonly stream: string
  readonly matchedBy: string | null
  readonly updates: Readonly<
    Record<
      'generated' | 'delivered' | 'superseded' | 'lost' | 'pending' | 'duplicate' | 'outOfOrder',
      number | null
    >
  >
  readonly latencyMs: { readonly count: number; readonly mean: number | null } | null
  readonly behindFirstMs: { readonly count: number; readonly mean: number | null } | null
  readonly exchanges: Readonly<
    Record<
      'requests' | 'empty' | 'notModified' | 'errors' | 'emptyShare' | 'requestsPerUpdate',
      number | null
    >
  >
  readonly theory: { readonly emptyShare: number | null } | null
  readonly flags: readonly { readonly code: string }[]
}
export interface Report {
  readonly seconds: number
  readonly streams: readonly { readonly stream: string; readonly generated: number }[]
  readonly lanes: readonly Lane[]
}

/** The lane of a source. @throws when the report has none */
export function laneOf(report: Report, source: string): Lane {
  const lane = report.lanes.find(candidate => candidate.source === source)
  if (lane === undefined)
    throw new Error(
      `expected a lane of ${source}, found ${report.lanes.map(other => other.source).join(', ') || 'none'}`
    )
  return lane
}
