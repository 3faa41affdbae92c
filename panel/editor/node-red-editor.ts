import { insertComparison } from './comparison.js'
import { AdminError, type Editor } from './editor.js'

/** Where the plugin's texts are in the editor's catalogue. */
export const text: Editor['text'] = (key, params) => RED._(`${PACKAGE_NAME}/push-vs-pull:${key}`, params)

/** Relative, so that `httpAdminRoot` and a proxy's path hold; jQuery adds the user's token. */
function ask<T>(method: string, url: string, body?: object): Promise<T> {
  return new Promise((resolve, reject) => {
    $.ajax({
      method,
      url,
      cache: method !== 'GET',
      timeout: 10_000,
      dataType: 'json',
      ...(body === undefined ? {} : { contentType: 'application/json', data: JSON.stringify(body) })
    }).then(
      answer => resolve(answer as T),
      ({ status, responseText }) => {
        const { error, message } = errorIn(responseText)
        reject(new AdminError(status, error, message))
      }
    )
  })
}

function errorIn(body: string | undefined): { error: string | null; message: string } {
  try {
    const { error, message } = JSON.parse(body ?? '') as { error?: string; message?: string }
    return { error: error ?? null, message: message ?? '' }
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    return { error: null, message: '' }
  }
}

const FLOW_EVENTS = [
  'nodes:add',
  'nodes:remove',
  'nodes:change',
  'links:add',
  'links:remove',
  'flows:loaded',
  'deploy'
]

/** The editor of Node-RED, 4.1 and 5. */
export function nodeRedEditor(): Editor {
  return {
    text,
    language: RED.i18n.lang(),
    get: url => ask('GET', url),
    post: (url, body) => ask('POST', url, body),
    reveal: id => RED.view.reveal(id),
    importExample: () => RED.actions.invoke('core:show-examples-import-dialog'),
    insertComparison,
    flow() {
      const nodes: { id: string; type: string; name: string; place: string }[] = []
      const wires: { from: string; port: number; to: string }[] = []
      RED.nodes.eachNode(({ id, type, name, z }) => {
        nodes.push({ id, type, name: name || type, place: RED.nodes.workspace(z ?? '')?.label ?? '' })
      })
      for (const { source, sourcePort, target } of RED.nodes.filterLinks({}))
        wires.push({ from: source.id, port: sourcePort, to: target.id })
      return { nodes, wires }
    },
    onFlowChange(changed) {
      for (const event of FLOW_EVENTS) RED.events.on(event, changed)
      return () => {
        for (const event of FLOW_EVENTS) RED.events.off(event, changed)
      }
    },
    get mayWrite() {
      return RED.user.hasPermission('delivery.write')
    }
  }
}
