import type { Report } from '../../../lib/metrics/report.js'

/** A node of the flow as it stands in the editor, deployed or not. */
export interface FlowNode {
  readonly id: string
  readonly type: string
  /** As the workspace labels it. */
  readonly name: string
  /** Name of the tab or subflow that it stands in. */
  readonly place: string
  /** Id of that. */
  readonly tab: string
  /** It, or its tab, is switched off. */
  readonly disabled: boolean
  /** Ids of the push-broker and poll-feed that it uses. */
  readonly servers: readonly string[]
  /** Stream or topic filter; empty where the messages say it. */
  readonly stream: string
}

/** A wire of the flow as it stands in the editor. */
export interface FlowWire {
  readonly from: string
  /** Output port of `from`, from 0. */
  readonly port: number
  readonly to: string
}

/** Nodes and wires of the flow as it stands in the editor. */
export interface Flow {
  readonly nodes: readonly FlowNode[]
  readonly wires: readonly FlowWire[]
}

/** Ids of all nodes from which wires lead to `id`, however far. */
export function upstreamOf(flow: Pick<Flow, 'wires'>, id: string): ReadonlySet<string> {
  const sources = new Map<string, string[]>()
  for (const { from, to } of flow.wires) sources.set(to, [...(sources.get(to) ?? []), from])
  const found = new Set<string>()
  const open = [id]
  for (let next = open.pop(); next !== undefined; next = open.pop())
    for (const from of sources.get(next) ?? [])
      if (!found.has(from)) {
        found.add(from)
        open.push(from)
      }
  return found
}

/** Whether messages of an output reach `id`, through whatever stands between. */
export function reaches(flow: Pick<Flow, 'wires'>, from: string, port: number, id: string): boolean {
  const upstream = upstreamOf(flow, id)
  return flow.wires.some(
    wire => wire.from === from && wire.port === port && (wire.to === id || upstream.has(wire.to))
  )
}

/** The node of a runtime id; inside a subflow that is `<instance>-<node>`. */
export function nodeOf(flow: Pick<Flow, 'nodes'>, runtimeId: string): FlowNode | undefined {
  const { nodes } = flow
  return nodes.find(({ id }) => id === runtimeId) ?? nodes.find(({ id }) => runtimeId.endsWith(`-${id}`))
}

/** Workloads that feed what a report measures: wired to its origins, or to its metrics node itself. */
export function workloadsOf(flow: () => Flow, report: Report | null): readonly string[] {
  if (report === null) return []
  const now = flow()
  const ends = [report.id, ...report.streams.flatMap(({ origin }) => (origin === null ? [] : [origin]))]
  const upstream = new Set(ends.flatMap(id => [...upstreamOf(now, id)]))
  return now.nodes
    .filter(({ id, type }) => type === 'delivery-workload' && upstream.has(id))
    .map(({ id }) => id)
}
