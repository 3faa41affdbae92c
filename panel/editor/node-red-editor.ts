import { nodeOf } from '../model/words/wiring.js'
import { insertComparison } from './comparison.js'
import { AdminError, type Editor } from './editor.js'
import { importExample } from './example.js'
import { flowReader } from './flow-reader.js'
import { writeProperties } from './write-properties.js'

/** Where the plugin's texts are in the editor's catalogue. */
export const text: Editor['text'] = (key, params) => RED._(`${PACKAGE_NAME}/push-vs-pull:${key}`, params)

/** Relative, so that `httpAdminRoot` and a proxy's path hold; jQuery adds the user's token. */
function ask<T>(method: string, url: string, body?: object, dataType = 'json'): Promise<T> {
  return new Promise((resolve, reject) => {
    $.ajax({
      method,
      url,
      cache: method !== 'GET',
      timeout: 10_000,
      dataType,
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

/** The editor of Node-RED, 4.1 and 5. */
export function nodeRedEditor(): Editor {
  const flow = flowReader()
  return {
    text,
    language: RED.i18n.lang(),
    get: url => ask('GET', url),
    getText: url => ask('GET', url, undefined, 'text'),
    post: (url, body) => ask('POST', url, body),
    reveal: id => RED.view.reveal(nodeOf(flow.read(), id)?.id ?? id),
    importExample: number => importExample(url => ask('GET', url), number),
    writeProperties: (id, properties) => writeProperties(nodeOf(flow.read(), id)?.id ?? id, properties),
    insertComparison,
    flow: flow.read,
    get placing() {
      return RED.view.state() === RED.state.IMPORT_DRAGGING
    },
    get undeployed() {
      return RED.nodes.dirty()
    },
    onFlowChange: flow.onChange,
    get mayWrite() {
      return RED.user.hasPermission('delivery.write')
    },
    get mayEdit() {
      return RED.user.hasPermission('flows.write')
    }
  }
}
