// Lays an example out: comments above, groups in columns below, every node on the grid.
import { createHash } from 'node:crypto'
import { editorDefaults } from '../editor-type.js'
import { coreDefaults, withoutInput } from './core-nodes.js'
import { labelWidth } from './label-width.js'

const GRID = 20
const MARGIN = 40
const WIRE = 60
const ROW = 60
const HEAD = 60
const FOOT = 40
/** Between groups; the wire from the origin to the metrics node runs through it. */
const GAP = 40

/** Stable ids: the same key of the same example is the same node in every release. */
export const idsOf = example => key =>
  createHash('sha256').update(`push-pull ${example} ${key}`).digest('hex').slice(0, 16)

const defaultsOf = type => structuredClone(coreDefaults[type] ?? editorDefaults(type))

/** The editor's own rule for the width of a node (editor-client, view.js). */
export function nodeWidth(type, label) {
  const plug = withoutInput.includes(type) ? 0 : 7
  return Math.max(100, GRID * Math.ceil((labelWidth(label) + 50 + plug) / GRID))
}

/** An inject node also shows that it repeats or fires once. */
function drawnLabel(type, { name, repeat, once }) {
  if (type !== 'inject') return name
  return `${name}${repeat ? ' ↻' : once ? ' ¹' : ''}`
}

/**
 * One flow file.
 * @param example `{ key, label, info, env, configs, comments, columns }`: configs are `{ key, type, ...properties }`,
 *   comments `{ name, info }`, columns lists of groups `{ name, rows, offset }` (offset: rows left free above), rows lists of nodes
 *   `{ key, type, wires: [[key…] an output], ...properties }`.
 */
export function flowOf({ key: example, label, info, env = [], configs, comments, columns }) {
  const id = idsOf(example)
  const tab = id('tab')
  const flow = [{ id: tab, type: 'tab', label, disabled: false, info, env }]
  for (const { key, type, ...properties } of configs)
    flow.push({ id: id(key), type, ...defaultsOf(type), ...properties })

  let y = 40
  for (const [index, comment] of comments.entries()) {
    const width = nodeWidth('comment', comment.name)
    flow.push({
      id: id(`comment ${index}`),
      type: 'comment',
      z: tab,
      ...defaultsOf('comment'),
      ...comment,
      x: 20 + width / 2,
      y,
      wires: []
    })
    y += 40
  }

  const top = y + 20
  let left = 20
  for (const column of columns) {
    let bottom = top
    let right = left
    for (const group of column) {
      bottom += (group.offset ?? 0) * ROW
      const placed = placedGroup({ id, tab, group, left, top: bottom })
      flow.push(...placed)
      const [{ h, w }] = placed
      bottom += h + GAP
      right = Math.max(right, left + w)
    }
    left = right + GAP
  }
  return flow
}

function placedGroup({ id, tab, group, left, top }) {
  const groupId = id(`group ${group.name}`)
  const nodes = []
  let right = left
  for (const [index, row] of group.rows.entries()) {
    let x = left + MARGIN
    for (const { key, type, wires = [], ...properties } of row) {
      const width = nodeWidth(type, drawnLabel(type, properties))
      nodes.push({
        id: id(key),
        type,
        z: tab,
        g: groupId,
        ...defaultsOf(type),
        ...properties,
        x: x + width / 2,
        y: top + HEAD + index * ROW,
        wires: wires.map(output => output.map(id))
      })
      right = Math.max(right, x + width)
      x += width + WIRE
    }
  }
  const box = {
    id: groupId,
    type: 'group',
    z: tab,
    name: group.name,
    style: { label: true, stroke: '#8FC1B5', fill: '#8FC1B5', 'fill-opacity': '0.15' },
    nodes: nodes.map(node => node.id),
    env: [],
    x: left,
    y: top,
    w: right + MARGIN - left,
    h: HEAD + (group.rows.length - 1) * ROW + FOOT
  }
  return [box, ...nodes]
}
