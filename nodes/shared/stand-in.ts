import type { Node, NodeAPI } from 'node-red'
import type { Redaction } from './redaction.js'
import type { TryRequest } from './try-route.js'

/** A node of Node-RED as far as we look into one. */
type Inside = Node & { readonly _flow?: object }
type GetSetting = (node: object, name: string, flow: object | undefined) => unknown

/** What a node would be that was deployed with these settings. */
export interface StandIn {
  readonly node: Node
  /** Its environment variables resolved as at a deploy. */
  readonly config: Readonly<Record<string, unknown>>
  /** The deployed node of that id and type; null when there is none. */
  readonly deployed: Node | null
  /** Resolves environment variables in a text that is no property. */
  resolve(text: string): unknown
}

/** The credential field of the editor says this when it holds a saved one that it does not know. */
const PLACEHOLDER = '__PWRD__'
const VARIABLE = /^\$\{(\S+)\}$/

/**
 * Stands in for a node that is being edited: its own deployed node, else another one of its tab, lends it flow,
 * context and environment.
 * @param redaction - learns what environment variables held: the one who asks knows their names only
 */
export function standIn(RED: NodeAPI, type: string, asked: TryRequest, redaction: Redaction): StandIn {
  const { id, z, g, name } = asked
  const found = RED.nodes.getNode(id) as Inside | null
  const deployed = found?.type === type ? found : null
  const near = deployed ?? neighbour(RED, z)
  const flow = near?._flow
  const known = { id, type, name, ...(z ? { z } : {}), ...(g ? { g } : {}) }
  const { getSetting } = RED.util as unknown as { getSetting: GetSetting }
  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolve)
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, resolve(entry)]))
    const variable = typeof value === 'string' ? VARIABLE.exec(value)?.[1] : undefined
    const set = variable === undefined ? undefined : getSetting(known, variable, flow)
    if (set === undefined) return value
    hide(redaction, String(set), String(value))
    return set
  }
  const credentials = credentialsOf(asked, deployed, redaction)
  const node = {
    ...known,
    credentials: Object.fromEntries(
      Object.entries(credentials).map(([key, text]) => {
        const value = resolve(text)
        redaction.add(value)
        return [key, value]
      })
    ),
    context: () => (near ?? nobody()).context()
  }
  Object.defineProperty(node, '_flow', { value: flow })
  return {
    node: node as unknown as Node,
    config: { ...(resolve(asked.config) as object), ...known },
    deployed,
    resolve
  }
}

/** The names of credentials that are taken from the deployed node, because nobody typed others. */
export function savedCredentials(asked: TryRequest, deployed: Node | null): readonly string[] {
  const saved = (deployed as Node<Record<string, string>> | null)?.credentials ?? {}
  return Object.keys(saved).filter(name => saved[name] && !isTyped(asked.credentials[name]))
}

const isTyped = (text: string | undefined): boolean => text !== undefined && text !== PLACEHOLDER

function credentialsOf(
  asked: TryRequest,
  deployed: Node | null,
  redaction: Redaction
): Readonly<Record<string, string>> {
  const typed = Object.entries(asked.credentials).filter(([, text]) => isTyped(text))
  const { credentials = {} } = (deployed as Node<Record<string, string>> | null) ?? {}
  const saved = savedCredentials(asked, deployed).map(name => [name, credentials[name] ?? ''] as const)
  const all = Object.fromEntries([...saved, ...typed])
  for (const text of Object.values(all)) redaction.add(text)
  const { username, password } = all
  if (username !== undefined && password !== undefined)
    redaction.add(Buffer.from(`${username}:${password}`).toString('base64'))
  return all
}

/** A deployed node of the same tab; for config nodes one that is on no tab either. */
function neighbour(RED: NodeAPI, z: string): Inside | null {
  let near: Inside | null = null
  let global: Inside | null = null
  RED.nodes.eachNode(({ id, z: tab = '' }) => {
    if (near) return
    if (tab === z) near = RED.nodes.getNode(id) as Inside | null
    else if (tab === '') global ??= RED.nodes.getNode(id) as Inside | null
  })
  return near ?? global
}

function nobody(): never {
  throw new Error('expected a deployed node on this tab, found none: deploy first')
}

/** A variable may hold a whole address, of which errors quote parts. */
function hide(redaction: Redaction, value: string, shown: string): void {
  redaction.add(value, shown)
  if (!URL.canParse(value)) return
  const { href, pathname, search } = new URL(value)
  redaction.add(href, shown)
  redaction.add(pathname, '/…')
  redaction.add(search, '?…')
}
