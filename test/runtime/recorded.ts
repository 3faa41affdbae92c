import type { FlowNode, NodeRed } from '../helpers/node-red.js'

/** What a Catch node was sent. */
export interface Caught {
  readonly source: string
  readonly code: string
  readonly message: string
}

/** A node that appends the JavaScript expression `of` to a list in global context, so that a test can ask for it. */
export const recorder = (z: string, id: string, key: string, of: string): FlowNode => ({
  id,
  type: 'function',
  z,
  func: `const kept = global.get('${key}') || []; kept.push(${of}); global.set('${key}', kept)`,
  outputs: 0,
  wires: [[]]
})

/** A Catch node for the whole tab, whose errors `recorded(red, key)` gives as `Caught`. */
export const catcher = (z: string, key: string): readonly FlowNode[] => [
  { id: `${key}-catch`, type: 'catch', z, scope: null, wires: [[`${key}-kept`]] },
  recorder(
    z,
    `${key}-kept`,
    key,
    '{ source: msg.error.source.id, code: msg.error.code, message: msg.error.message }'
  )
]

/** The list that a recorder has made so far. */
export async function recorded<T>(red: NodeRed, key: string): Promise<T[]> {
  const { msg } = await red.get<{ msg?: string }>(`/context/global/${key}`)
  return msg === undefined || msg === '(undefined)' ? [] : (JSON.parse(msg) as T[])
}
