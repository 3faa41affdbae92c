/**
 * Writes properties into a node of the workspace, as its dialog would: it is marked as changed, undo takes it back, and
 * nothing runs with it before the next deploy.
 * @returns false when there is no such node, or its flow is locked
 */
export function writeProperties(id: string, properties: Readonly<Record<string, string>>): boolean {
  const node = RED.nodes.node(id)
  if (!node || RED.workspaces.isLocked(node.z)) return false
  const changed = Object.entries(properties).filter(([name, value]) => String(node[name] ?? '') !== value)
  if (changed.length === 0) return true
  RED.history.push({
    t: 'edit',
    node,
    changes: Object.fromEntries(changed.map(([name]) => [name, node[name]])),
    changed: node.changed,
    dirty: RED.nodes.dirty()
  })
  Object.assign(node, Object.fromEntries(changed), { changed: true, dirty: true })
  RED.editor.validateNode(node)
  RED.nodes.dirty(true)
  RED.events.emit('nodes:change', node)
  RED.view.redraw()
  return true
}
