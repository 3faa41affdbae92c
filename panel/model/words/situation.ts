import type { Report } from '../../../lib/metrics/report.js'
import type { MissingWire } from './missing-wires.js'
import type { Flow, FlowNode } from './wiring.js'

/** How far somebody has come on the way to a comparison. */
export type Situation =
  /** The first answer is awaited. */
  | { readonly kind: 'waiting' }
  /** No metrics node anywhere. */
  | { readonly kind: 'nothing' }
  /** New nodes hang at the pointer. */
  | { readonly kind: 'placing' }
  /** A metrics node that does not run: not deployed yet, switched off, or its flow has stopped. */
  | { readonly kind: 'undeployed' | 'disabled' | 'stopped'; readonly node: FlowNode }
  /** It runs, and no lane is wired into it. */
  | { readonly kind: 'unwired'; readonly name: string; readonly missing: readonly MissingWire[] }
  /** There are lanes, and nothing has been delivered. */
  | { readonly kind: 'silent' | 'workload-stopped'; readonly missing: readonly MissingWire[] }
  | { readonly kind: 'measuring'; readonly missing: readonly MissingWire[] }

/** What is known of runtime and editor. */
export interface Known {
  /** Metrics nodes that run; null before the first answer. */
  readonly running: readonly { readonly id: string }[] | null
  readonly report: Report | null
  readonly flow: Flow
  /** New nodes hang at the pointer, until a click in the workspace. */
  readonly placing: boolean
  /** The editor has changes that are not deployed. */
  readonly undeployed: boolean
  /** Whether workloads that feed the lanes run; null when there are none. */
  readonly workloadsRun: boolean | null
  /** `missingWires`. */
  readonly missing: (flow: Flow, metricsId: string) => readonly MissingWire[]
}

export function situationOf(known: Known): Situation {
  const { running, report, flow, undeployed, workloadsRun } = known
  if (running === null) return { kind: 'waiting' }
  if (running.length === 0) {
    const [node] = [...flow.nodes]
      .filter(({ type }) => type === 'delivery-metrics')
      .sort((a, b) => Number(a.disabled) - Number(b.disabled))
    if (known.placing) return { kind: 'placing' }
    if (node === undefined) return { kind: 'nothing' }
    return { kind: node.disabled ? 'disabled' : undeployed ? 'undeployed' : 'stopped', node }
  }
  if (report === null) return { kind: 'waiting' }
  const missing = known.missing(flow, report.id)
  if (report.lanes.length === 0) return { kind: 'unwired', name: report.name, missing }
  const delivered = report.lanes.some(({ updates }) => updates.delivered > 0 || updates.catchUp > 0)
  if (delivered) return { kind: 'measuring', missing }
  return { kind: workloadsRun === false ? 'workload-stopped' : 'silent', missing }
}
