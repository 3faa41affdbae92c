/** Ids that the editor replaces when it imports. */
const ID = { broker: 'pvpb', feed: 'pvpf', origin: 'pvpo', push: 'pvps', pull: 'pvpl' }

/** The only config node of a type, if there is exactly one. */
function onlyConfig(type: string): string | null {
  const found: string[] = []
  RED.nodes.eachConfig(node => {
    if (node.type === type) found.push(node.id)
  })
  return found.length === 1 ? (found[0] ?? null) : null
}

/**
 * The smallest comparison that shows everything: a workload, an origin, both sources and the metrics node,
 * configured and wired, hanging at the cursor until the user clicks. It shares the flow's broker and feed where there is one of
 * each, on a stream name of its own.
 */
export function insertComparison(): void {
  const broker = onlyConfig('push-broker')
  const feed = onlyConfig('poll-feed')
  const stream = freeStream()
  const nodes: object[] = []
  if (broker === null)
    nodes.push({ id: ID.broker, type: 'push-broker', name: '', mode: 'embedded', port: '0' })
  if (feed === null) nodes.push({ id: ID.feed, type: 'poll-feed', name: '', mode: 'embedded', port: '0' })
  const uses = { broker: broker ?? ID.broker, feed: feed ?? ID.feed }
  const metrics = 'pvpm'
  nodes.push(
    { id: 'pvpw', type: 'delivery-workload', x: 100, y: 100, wires: [[ID.origin]] },
    { id: ID.origin, type: 'delivery-origin', ...uses, stream, x: 260, y: 100, wires: [[metrics]] },
    {
      id: ID.push,
      type: 'push-source',
      broker: uses.broker,
      stream,
      x: 270,
      y: 160,
      wires: [[metrics], [metrics]]
    },
    {
      id: ID.pull,
      type: 'poll-source',
      feed: uses.feed,
      stream,
      x: 270,
      y: 220,
      wires: [[metrics], [metrics]]
    },
    { id: metrics, type: 'delivery-metrics', x: 500, y: 160, wires: [[], []] }
  )
  RED.view.importNodes(nodes, {
    generateIds: true,
    addFlow: false,
    touchImport: false,
    applyNodeDefaults: true
  })
}

/** `updates`, or the first of `updates-2`, `updates-3` … that no origin has: a second origin on a stream is refused. */
function freeStream(): string {
  const taken = new Set<unknown>()
  RED.nodes.eachNode(node => {
    if (node.type === 'delivery-origin') taken.add(node.stream ?? 'updates')
  })
  let stream = 'updates'
  for (let number = 2; taken.has(stream); number += 1) stream = `updates-${number}`
  return stream
}
