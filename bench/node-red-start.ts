import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import type { EventPage } from '../lib/metrics/event-page.js'
import { freePort } from '../test/helpers/mosquitto.js'
import { temporaryFolder } from '../test/helpers/packed.js'
import { projectRoot } from '../test/helpers/runtimes.js'
import { absoluteRow, type Bench, median } from './helpers/bench.js'

const LIMIT_MS = 30_000

/** When the first update was delivered, in epoch ms: asked of the metrics node, which remembers it. */
async function firstDelivery(origin: string): Promise<number> {
  const until = performance.now() + LIMIT_MS
  while (performance.now() < until) {
    await setTimeout(50)
    const nodes = await fetch(`${origin}/delivery/metrics`).then(
      response => (response.ok ? (response.json() as Promise<{ path: string; id: string }[]>) : []),
      () => [] // not listening yet
    )
    for (const { id } of nodes) {
      const page = (await (
        await fetch(`${origin}/delivery/metrics/${id}/events?after=0`)
      ).json()) as EventPage
      const [first] = page.deliveries
      if (first) return page.base + first[4]
    }
  }
  throw new Error(`no delivery within ${LIMIT_MS / 1000} s of npm start`)
}

/** From `npm start`, built, to the first delivered update of example 01, on a new user directory each time. */
const bench: Bench = {
  name: 'from npm start to the first delivered update',
  async run() {
    const seconds: number[] = []
    for (let round = 0; round < 3; round++) {
      const userDir = temporaryFolder()
      const port = await freePort()
      const started = Date.now()
      const npm = spawn('npm', ['start'], {
        cwd: projectRoot,
        env: { ...process.env, PORT: String(port), DELIVERY_USER_DIR: userDir.path },
        stdio: 'ignore',
        detached: true // a process group of its own, so that Ctrl-C reaches all of it and nothing else
      })
      const ended = once(npm, 'close')
      try {
        seconds.push(((await firstDelivery(`http://127.0.0.1:${port}`)) - started) / 1000)
      } finally {
        process.kill(-(npm.pid ?? 0), 'SIGINT')
        await ended
        userDir.remove()
      }
    }
    return [absoluteRow('npm start to the first delivered update', median(seconds), 's', { atMost: 4 })]
  }
}
export default bench
