// Opens Node-RED with this project's nodes on a user directory of its own; at the first start with example 01 deployed.
import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
// Another user directory for measurements; the one that settings.cjs keeps its secret in
const userDir = process.env.DELIVERY_USER_DIR ?? join(root, '.node-red')
process.env.DELIVERY_USER_DIR = userDir
const wantedPort = Number(process.env.PORT ?? 1880)

/** `wanted`, or any free port when something else listens there. */
function freePort(wanted) {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', error =>
      error.code === 'EADDRINUSE' && wanted !== 0 ? resolve(freePort(0)) : reject(error)
    )
    server.listen(wanted, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

/** The first flows of a new user directory; flows that are there already are the user's. */
function provideFlows() {
  mkdirSync(userDir, { recursive: true })
  const flows = join(userDir, 'flows.json')
  if (existsSync(flows)) return
  const examples = join(root, 'examples', 'flows')
  const first = existsSync(examples) && readdirSync(examples).find(name => name.startsWith('01 '))
  if (first) copyFileSync(join(examples, first), flows)
}

provideFlows()
const port = await freePort(wantedPort)
const address = `http://127.0.0.1:${port}/`
if (port !== wantedPort && wantedPort !== 0) console.log(`Port ${wantedPort} is in use, taking ${port}.`)

// Node-RED reads its command line as if it had been started by itself, and ends by Ctrl-C on its own
process.argv.splice(2, process.argv.length, '--port', `${port}`, '--userDir', userDir)
process.argv.push('--settings', join(root, 'scripts', 'settings.cjs'))
const red = createRequire(import.meta.url).resolve('node-red/red.js')
const { events } = createRequire(red)('@node-red/util')
events.once('flows:started', async () => {
  while (!(await fetch(address, { method: 'HEAD' }).catch(() => false))) await setTimeout(50)
  console.log(
    `Open ${address} in a browser: push and pull run there side by side on the same updates (Ctrl-C ends it).`
  )
  console.log(
    'Look at menu, View, Push vs pull: it draws every update on both ways; the numbers stand below, and in the Debug sidebar.'
  )
})
createRequire(red)(red)
