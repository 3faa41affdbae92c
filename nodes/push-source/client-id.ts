import { createHash } from 'node:crypto'
import type { Node, NodeAPI } from 'node-red'

/**
 * The MQTT client id of a node that names none: the same after every restart, another one for every subflow
 * instance, copied flow and Node-RED. 22 letters and digits: every broker must take those [MQTT-3.1.3-5].
 */
export function ownClientId(RED: NodeAPI, node: Node): string {
  const told = `${instanceOf(RED)}/${node.id}`
  return `push${createHash('sha256').update(told).digest('hex').slice(0, 18)}`
}

function instanceOf({ settings }: NodeAPI): string {
  const { get, userDir } = settings as { get?: (key: string) => unknown; userDir?: string }
  try {
    return String(get?.('instanceId') ?? userDir ?? '')
  } catch {
    // a runtime without stored settings throws: its directory tells it apart
    return userDir ?? ''
  }
}
