import { type Flow, type FlowNode, nodeOf, reaches, upstreamOf } from './wiring.js'

/** A wire that a comparison lacks. */
export interface MissingWire {
  /**
   * `first`: a source's deliveries are not measured. `origin`: nobody says what a poll never saw. `updates`: an origin
   * gets nothing to hand out. `second`: errors, outages and empty polls do not count as they happen. `model`: one
   * source alone compares with nothing.
   */
  readonly kind: 'first' | 'origin' | 'updates' | 'second' | 'model'
  /** The node from which, or to which, the wire is missing. */
  readonly node: FlowNode
  /** Name of the metrics node. */
  readonly into: string
}

const SOURCES: readonly string[] = ['push-source', 'poll-source']

/**
 * Which wires the comparison of a metrics node lacks, those first without which nothing is measured. Only what
 * stands on its tab or feeds its lanes is looked at: other sources may have other work.
 */
export function missingWires(flow: Flow, metricsId: string): readonly MissingWire[] {
  const metrics = nodeOf(flow, metricsId)
  if (metrics === undefined) return []
  const nodes = flow.nodes.filter(({ disabled }) => !disabled)
  const allMetrics = nodes.filter(({ type }) => type === 'delivery-metrics')
  const isMeasured = ({ id }: FlowNode, port: number): boolean =>
    allMetrics.some(other => reaches(flow, id, port, other.id))
  const missing = (kind: MissingWire['kind'], of: readonly FlowNode[]): readonly MissingWire[] =>
    of.map(node => ({ kind, node, into: metrics.name }))
  const here = ({ tab }: FlowNode): boolean => tab === metrics.tab

  const sources = nodes.filter(({ type }) => SOURCES.includes(type))
  const wired = sources.filter(({ id }) => reaches(flow, id, 0, metrics.id))
  const unwired = sources.filter(node => here(node) && !isMeasured(node, 0))
  const origins = nodes.filter(
    node =>
      node.type === 'delivery-origin' &&
      (here(node) || wired.some(source => feeds(node, source)) || reaches(flow, node.id, 0, metrics.id))
  )
  const hungry = origins.filter(({ id }) => upstreamOf(flow, id).size === 0)
  const alone = wired.length === 1 && unwired.length === 0 ? wired : []
  return [
    ...missing('first', unwired),
    ...missing('updates', hungry),
    ...missing(
      'origin',
      origins.filter(node => !isMeasured(node, 0))
    ),
    ...missing(
      'second',
      wired.filter(({ id }) => !reaches(flow, id, 1, metrics.id))
    ),
    ...missing('model', alone)
  ]
}

/** The origin's updates come to the source: they meet at a server, and on a stream as far as names can tell. */
function feeds(origin: FlowNode, source: FlowNode): boolean {
  return (
    origin.servers.some(server => source.servers.includes(server)) &&
    (origin.stream === source.stream || /[+#]/.test(source.stream) || origin.stream === '')
  )
}
