import type { Node, NodeAPI, NodeDef } from 'node-red'

/** A node as people find it again: its name, or what stands for it, and the tab that it lies on. */
export interface NodePlace {
  readonly id: string
  readonly type: string
  /** The id when it has no name. */
  readonly name: string
  /** Null for a global configuration node. */
  readonly tab: { readonly id: string; readonly label: string } | null
}

/** Where a node lies; a node inside a subflow lies on the tab of its instance. */
export function placeOf(RED: NodeAPI, node: Node): NodePlace {
  const name = node.name || node.id
  return { id: node.id, type: node.type, name, tab: tabOf(RED, node.z) }
}

/** In words: `origin "Thermometer" on tab "House"`. */
export function placeText(place: NodePlace): string {
  const where = place.tab ? ` on tab "${place.tab.label || place.tab.id}"` : ''
  return `${place.type} "${place.name}"${where}`
}

/** Subflows lie in subflows at most this deep for us: a loop in a broken flow file ends. */
const DEEPEST = 20

function tabOf(RED: NodeAPI, start: string | undefined): NodePlace['tab'] {
  const configs = new Map<string, NodeDef & { label?: string }>()
  if (start) RED.nodes.eachNode(config => configs.set(config.id, config))
  let id = start
  for (let depth = 0; id && depth < DEEPEST; depth++) {
    const config = configs.get(id)
    if (config?.type === 'tab') return { id, label: config.label ?? '' }
    id = config?.z
  }
  return null
}
