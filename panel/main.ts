import { nodeRedEditor } from './editor/node-red-editor.js'
import { openPanel } from './panel.js'

/** What the plugin loads when the panel is first looked at. */
export const open = (host: HTMLElement): ReturnType<typeof openPanel> => openPanel(host, nodeRedEditor())
