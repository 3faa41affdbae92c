import { createHash } from 'node:crypto'
import type { Node, NodeAPI } from 'node-red'

/**
 * The MQTT client id of a node that names none: the same after every restart, another one for every subflow
 * instance, copied flow and Node-RED. 22 letters and digits: every broker must take those [MQTT-3.1.3-5].
 */
export function ownClientId(RED: NodeAPI, node: Node): string {
  const settings = RED.settings as { get?: (key: string) => unknown; userDir?: string }
  // a runtime without an instance id (tests, very old user directories) is told by its directory
  const instance = settings.get?.('instanceId') ?? settings.userDir ?? ''
  return `push${createHash('sha256').update(`${instance}/${node.id}`).digest('hex').slice(0, 18)}`
}
