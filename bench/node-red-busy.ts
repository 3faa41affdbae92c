import { setTimeout } from 'node:timers/promises'
import { eventually, type FlowNode, NodeRed } from '../test/helpers/node-red.js'
import { absoluteRow, type Bench, median } from './helpers/bench.js'
import { envelope, publishPaced } from './helpers/paced.js'

const RATE = 2000
const MEASURE_MS = 4000

const flows: FlowNode[] = [
  { id: 'tab', type: 'tab', label: 'Busy' },
  { id: 'broker', type: 'push-broker' },
  { id: 'push', type: 'push-source', z: 'tab', broker: 'broker', stream: 'updates', wires: [[], []] }
]

/** Event loop utilisation of the thread that runs the flows: the broker is in a thread of its own. */
const bench: Bench = {
  name: `busy share of the runtime's thread at ${RATE} messages a second`,
  async run() {
    const red = await NodeRed.start({ flows })
    const share = async (during: () => Promise<unknown>) => {
      const before = (await red.diagnose()).eventLoop
      await during()
      const after = (await red.diagnose()).eventLoop
      const activeMs = after.activeMs - before.activeMs
      return activeMs / (activeMs + after.idleMs - before.idleMs)
    }
    try {
      const url = await eventually(async () => {
        const { urls } = await red.get<{ urls: string[] }>('/delivery/server/broker')
        if (urls[0] === undefined) throw new Error('the broker does not listen')
        return urls[0]
      })
      await setTimeout(2000)
      await publishPaced(url, 'updates', RATE, 1000, envelope)
      const more: number[] = []
      for (let round = 0; round < 3; round++) {
        const idle = await share(() => setTimeout(MEASURE_MS))
        const busy = await share(() => publishPaced(url, 'updates', RATE, MEASURE_MS, envelope))
        more.push(busy - idle)
      }
      const what = `busier than idle with ${RATE} messages a second through broker and push-source`
      return [absoluteRow(`runtime thread ${what}`, median(more), 'of 1', { atMost: 0.15 })]
    } finally {
      await red.close()
    }
  }
}
export default bench
