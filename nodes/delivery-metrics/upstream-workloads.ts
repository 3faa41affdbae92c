import type { NodeAPI } from 'node-red'
import type { Setting } from '../../lib/metrics/page/page-facts.js'

/** A node as the deployed flows have it. */
type Configured = Readonly<Record<string, unknown>> & { readonly id: string; readonly type: string }

const ALWAYS = ['payloadBytes', 'seed', 'limit'] as const
const TIMED = ['rate', ...ALWAYS] as const
const REPLAYED = ['speed', 'repeat', ...ALWAYS] as const
/** Of which kind of arrivals which settings count. */
const COUNT: Readonly<Record<string, readonly string[]>> = {
  poisson: TIMED,
  periodic: TIMED,
  bursts: ['burstSize', ...TIMED],
  replay: REPLAYED
}

/**
 * The workloads from which wires, or links, lead to one of these nodes, with what they are set to as it was typed.
 * @param ids - ids of the runtime: inside a subflow `<instance>-<node>`
 */
export function upstreamWorkloads(
  RED: NodeAPI,
  ids: readonly string[]
): readonly { readonly name: string; readonly settings: readonly Setting[] }[] {
  const nodes: Configured[] = []
  RED.nodes.eachNode(node => nodes.push(node as unknown as Configured))
  const isEnd = ({ id }: Configured): boolean => ids.some(one => one === id || one.endsWith(`-${id}`))
  const found = new Set(nodes.filter(isEnd).map(({ id }) => id))
  // each round adds a step upstream, until one adds nothing
  for (let before = -1; before !== found.size; ) {
    before = found.size
    for (const node of nodes) if (targetsOf(node).some(target => found.has(target))) found.add(node.id)
  }
  return nodes
    .filter(({ id, type }) => type === 'delivery-workload' && found.has(id))
    .map(node => ({ name: String(node.name || node.id), settings: settingsOf(node) }))
}

function targetsOf({ type, wires, links }: Configured): readonly string[] {
  const wired = Array.isArray(wires) ? (wires as readonly string[][]).flat() : []
  return type === 'link out' && Array.isArray(links) ? [...wired, ...(links as string[])] : wired
}

function settingsOf(node: Configured): readonly Setting[] {
  const arrivals = String(node.arrivals ?? 'poisson')
  const settings = (COUNT[arrivals] ?? ALWAYS).flatMap((name): readonly Setting[] => {
    const value = node[name]
    return value === undefined || value === null || value === '' ? [] : [[name, String(value)]]
  })
  return [['arrivals', arrivals], ...settings]
}
