import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

/** A Node-RED release and the Node.js that runs it. */
export interface Runtime {
  readonly name: string
  /** The Node.js executable. */
  readonly node: string
  /** Node-RED's main file. */
  readonly red: string
}

/** The project's root, seen from dist/test/helpers. */
export const projectRoot = fileURLToPath(new URL('../../../', import.meta.url))

const red5 = `${projectRoot}test/runtimes/node-red-5/node_modules/`
const node24 = `${red5}.bin/node`

/** Node-RED 4.1 on the Node.js that runs the tests. */
export const nodeRed4: Runtime = {
  name: 'Node-RED 4.1',
  node: process.execPath,
  red: createRequire(import.meta.url).resolve('node-red/red.js')
}

/** Node-RED 5, installed by scripts/test-setup.js with a Node.js of its own where the platform has one. */
export const nodeRed5: Runtime = {
  name: 'Node-RED 5',
  node: existsSync(node24) ? node24 : process.execPath,
  red: `${red5}node-red/red.js`
}

export const runtimes: readonly Runtime[] = [nodeRed4, nodeRed5]
