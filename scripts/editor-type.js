// Reads what a node's HTML tells the editor, by running its script up to `registerType`.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runInNewContext } from 'node:vm'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** The second argument of `RED.nodes.registerType` for one of our types. */
export function editorType(type) {
  const html = readFileSync(join(root, 'nodes', type, `${type}.html`), 'utf8')
  const registered = new Map()
  const jQuery = Object.assign(() => ({ length: 0, val: () => undefined }), { ajax() {} })
  const RED = {
    _: key => key,
    nodes: {
      registerType: (name, definition) => registered.set(name, definition),
      eachNode() {},
      eachConfig() {},
      node: () => null,
      workspace: () => null
    },
    settings: {},
    validators: {
      number: () => value => value !== '' && !Number.isNaN(Number(value)),
      regex: pattern => value => pattern.test(String(value)),
      typedInput: () => () => true
    },
    utils: { sanitize: text => text, validatePropertyExpression: () => true }
  }
  for (const [, script] of html.matchAll(/<script type="text\/javascript">([\s\S]*?)<\/script>/g))
    runInNewContext(script, { RED, $: jQuery, jQuery, console, URL, window: {}, document: {} })
  const definition = registered.get(type)
  if (!definition) throw new Error(`${type}.html does not register ${type}`)
  return definition
}

/** The properties of a new node of one of our types, as the editor saves them. */
export function editorDefaults(type) {
  const { defaults } = editorType(type)
  return Object.fromEntries(
    Object.entries(defaults).map(([key, { value }]) => [key, structuredCloned(value)])
  )
}

/** Values come from another context: made anew in ours. */
const structuredCloned = value => JSON.parse(JSON.stringify(value))
