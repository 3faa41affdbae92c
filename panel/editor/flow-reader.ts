import type { Flow, FlowNode, FlowWire } from '../model/words/wiring.js'

/** After any of these the flow is read anew. */
const FLOW_EVENTS = [
  'nodes:add',
  'nodes:remove',
  'nodes:change',
  'links:add',
  'links:remove',
  'junctions:add',
  'junctions:remove',
  'flows:add',
  'flows:change',
  'flows:remove',
  'flows:loaded',
  'subflows:add',
  'subflows:change',
  'subflows:remove',
  'deploy',
  'workspace:dirty'
]

/** Reads nodes and wires of the workspace, once after every change. */
export function flowReader(): { read(): Flow; onChange(changed: () => void): () => void } {
  let known: Flow | null = null
  const forget = (): void => {
    known = null
  }
  for (const event of FLOW_EVENTS) RED.events.on(event, forget)
  return {
    read() {
      known ??= readFlow()
      return known
    },
    onChange(changed) {
      for (const event of FLOW_EVENTS) RED.events.on(event, changed)
      return () => {
        for (const event of FLOW_EVENTS) {
          RED.events.off(event, changed)
          RED.events.off(event, forget)
        }
      }
    }
  }
}

function readFlow(): Flow {
  const nodes: FlowNode[] = []
  const wires: FlowWire[] = []
  const instances: EditorNode[] = []
  RED.nodes.eachNode(node => {
    nodes.push(flowNode(node))
    if (node.type.startsWith('subflow:')) instances.push(node)
    // a link out is wired to the link ins that it names
    if (node.type === 'link out' && Array.isArray(node.links))
      for (const to of node.links) wires.push({ from: node.id, port: 0, to: String(to) })
  })
  for (const { source, sourcePort, target } of RED.nodes.filterLinks({}))
    wires.push({ from: placeOf(source), port: sourcePort, to: placeOf(target) })
  return { nodes, wires: [...wires, ...throughSubflows(instances, wires)] }
}

function flowNode(node: EditorNode): FlowNode {
  const tab = node.z ?? ''
  const workspace = RED.nodes.workspace(tab)
  return {
    id: node.id,
    type: node.type,
    name: RED.utils.getNodeLabel(node, node.type),
    place: workspace?.label ?? RED.nodes.subflow(tab)?.name ?? '',
    tab,
    disabled: node.d === true || workspace?.disabled === true,
    servers: [node.broker, node.feed].filter(
      (server): server is string => typeof server === 'string' && server !== ''
    ),
    stream: typeof node.stream === 'string' ? node.stream : 'updates'
  }
}

/** A node, or a port in the border of a subflow. */
const placeOf = ({ id, type, z, direction, i }: EditorNode): string =>
  type === 'subflow' ? borderOf(z ?? '', String(direction), Number(i)) : id

const borderOf = (subflow: string, direction: string, index: number): string =>
  `${subflow} ${direction} ${index}`

/** What goes into an instance goes on inside its subflow, and what comes out there comes out of the instance. */
function throughSubflows(instances: readonly EditorNode[], wires: readonly FlowWire[]): readonly FlowWire[] {
  return instances.flatMap(({ id, type }) => {
    const subflow = type.slice('subflow:'.length)
    return wires.flatMap(({ from, port, to }) => [
      ...(to === id ? [{ from, port, to: borderOf(subflow, 'in', 0) }] : []),
      ...(from === id ? [{ from: borderOf(subflow, 'out', port), port: 0, to }] : [])
    ])
  })
}
