import { AdminError } from './editor.js'

/** Folder of our examples in the editor's library; relative, as everything. */
const FOLDER = `library/examples/flows/${PACKAGE_NAME}/flows/`

type Get = <T>(url: string) => Promise<T>

/**
 * Puts an example into the workspace on a tab of its own and shows it. An example that is there already is only shown.
 * @param number - with which its name begins, `07`; the first one when absent
 */
export async function importExample(get: Get, number = ''): Promise<void> {
  const listed = await get<readonly { readonly fn?: string }[]>(FOLDER)
  const found = listed.flatMap(({ fn }) => (fn?.startsWith(number) ? fn : [])).sort()
  const [first] = found
  if (first === undefined) throw new AdminError(404, null, `there is no example ${number}`)
  const nodes = await get<readonly EditorNode[]>(FOLDER + encodeURIComponent(first))
  const measures = nodes.find(({ type }) => type === 'delivery-metrics')?.id ?? ''
  const there = RED.nodes.node(measures)
  if (there?.z) {
    RED.workspaces.show(there.z)
    return
  }
  const before = tabs()
  // what is left of an example that was taken apart keeps its ids
  const generateIds = nodes.some(({ id }) => Boolean(RED.nodes.node(id) ?? RED.nodes.workspace(id)))
  RED.view.importNodes(nodes, { generateIds, addFlow: false, touchImport: true, notify: true })
  const added = [...tabs()].find(id => !before.has(id))
  if (added !== undefined) RED.workspaces.show(added)
}

function tabs(): ReadonlySet<string> {
  const found = new Set<string>()
  RED.nodes.eachWorkspace(({ id }) => found.add(id))
  return found
}
