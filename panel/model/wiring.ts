import type { Report } from '../../lib/metrics/report.js'

/** Nodes and wires of the flow as it stands in the editor. */
export interface Flow {
  readonly nodes: readonly {
    readonly id: string
    readonly type: string
    readonly name: string
  }[]
  readonly wires: readonly { readonly from: string; readonly port: number; readonly to: string }[]
}

/** Ids of all nodes from which wires lead to `id`, however far. */
export function upstreamOf(flow: Flow, id: string): ReadonlySet<string> {
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
