import { setTimeout } from 'node:timers/promises'
import { startMosquitto } from '../test/helpers/mosquitto.js'
import { type FlowNode, NodeRed } from '../test/helpers/node-red.js'
import { alternate, type Bench, ratioRow } from './helpers/bench.js'
import { envelope, publishPaced } from './helpers/paced.js'

const RATE = 1000
const SETTLE_MS = 1000
const MEASURE_MS = 4000

const tab: FlowNode = { id: 'tab', type: 'tab', label: 'Push' }

const ours = (url: string): FlowNode[] => [
  tab,
  { id: 'broker', type: 'push-broker', mode: 'external', url },
  { id: 'push', type: 'push-source', z: 'tab', broker: 'broker', stream: 'updates', wires: [[], []] }
]

/** Core nodes that come closest: parse, and say how late it was. */
const core = (port: number): FlowNode[] => [
  tab,
  {
    id: 'broker',
    type: 'mqtt-broker',
    broker: '127.0.0.1',
    port: String(port),
    protocolVersion: '4',
    autoConnect: true,
    cleansession: true,
    keepalive: '60'
  },
  {
    id: 'in',
    type: 'mqtt in',
    z: 'tab',
    topic: 'updates',
    qos: '0',
    datatype: 'auto-detect',
    broker: 'broker',
    inputs: 0,
    wires: [['late']]
  },
  {
    id: 'late',
    type: 'function',
    z: 'tab',
    outputs: 1,
    func: `msg.latencyMs = Date.now() - Date.parse(msg.payload.time)
msg.sequence = Number(msg.payload.sequence)
msg.payload = msg.payload.data
return msg`,
    wires: [[]]
  }
]

/** CPU of the whole Node-RED process per message, less what it takes while it does nothing; Mosquitto between. */
const bench: Bench = {
  name: `CPU per pushed message in Node-RED, ${RATE} a second`,
  async run() {
    const mosquitto = await startMosquitto()
    const red = await NodeRed.start({ flows: [tab] })
    const cpu = async () => (await red.diagnose()).processCpuMs
    try {
      await setTimeout(2 * SETTLE_MS)
      const before = await cpu()
      await setTimeout(MEASURE_MS)
      const idleMs = (await cpu()) - before
      const side = (flows: FlowNode[]) => async () => {
        await red.deploy(flows)
        await setTimeout(SETTLE_MS)
        await publishPaced(mosquitto.url, 'updates', RATE, SETTLE_MS, envelope)
        const start = await cpu()
        const sent = await publishPaced(mosquitto.url, 'updates', RATE, MEASURE_MS, envelope)
        return (((await cpu()) - start - idleMs) / sent) * 1000
      }
      const figures = await alternate(3, side(ours(mosquitto.url)), side(core(mosquitto.port)))
      const what = 'push-source against mqtt in + function'
      return [ratioRow(`CPU per message: ${what}`, figures.ours, figures.theirs, 'µs', { atMost: 0.8 })]
    } finally {
      await red.close()
      await mosquitto.close()
    }
  }
}
export default bench
