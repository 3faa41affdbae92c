import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { type FlowNode, NodeRed } from '../test/helpers/node-red.js'
import { alternate, type Bench, ratioRow } from './helpers/bench.js'

/** Many sources, so that polls and not the thread's wake-ups make up the figure: 250 polls a second. */
const SOURCES = 10
const INTERVAL_MS = 40
const SETTLE_MS = 1000
const MEASURE_MS = 4000
/** One answer in five is new: 200; the others are 304. */
const POLLS_PER_UPDATE = 5

/** Documents, one for each path, with an ETag that changes every fifth poll of it; counts the polls. */
async function serve(): Promise<{ url: string; polls(): number; server: Server }> {
  let polls = 0
  const asked = new Map<string, number>()
  const server = createServer((request, response) => {
    const path = request.url ?? '/'
    const before = asked.get(path) ?? 0
    asked.set(path, before + 1)
    polls += 1
    const version = Math.floor(before / POLLS_PER_UPDATE)
    const etag = `"v${version}"`
    if (request.headers['if-none-match'] === etag) response.writeHead(304, { etag }).end()
    else
      response
        .writeHead(200, { etag, 'content-type': 'application/json' })
        .end(JSON.stringify({ id: version, value: 20.5, unit: 'C', sensor: 'roof' }))
  })
  server.keepAliveTimeout = 75_000
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/value`, polls: () => polls, server }
}

const tab: FlowNode = { id: 'tab', type: 'tab', label: 'Poll' }
const numbers = Array.from({ length: SOURCES }, (_, index) => index)

const ours = (url: string): FlowNode[] => [
  tab,
  ...numbers.map(number => ({
    id: `poll${number}`,
    type: 'poll-source',
    z: 'tab',
    target: 'url',
    url: url + number,
    stream: `value${number}`,
    intervalMs: String(INTERVAL_MS),
    wires: [[], []]
  }))
]

/**
 * What a user builds from core nodes for the same: remember the ETag, ask with it, drop what is not new.
 * The body is parsed behind that: with `ret: 'obj'` the core node warns at every 304, which would cost it more.
 */
const core = (url: string): FlowNode[] => [tab, ...numbers.flatMap(number => coreChain(url, number))]

const coreChain = (url: string, number: number): FlowNode[] => [
  {
    id: `tick${number}`,
    type: 'inject',
    z: 'tab',
    repeat: String(INTERVAL_MS / 1000),
    once: true,
    props: [],
    wires: [[`ask${number}`]]
  },
  {
    id: `ask${number}`,
    type: 'function',
    z: 'tab',
    outputs: 1,
    func: `const etag = flow.get('etag${number}')
if (etag) msg.headers = { 'if-none-match': etag }
return msg`,
    wires: [[`request${number}`]]
  },
  {
    id: `request${number}`,
    type: 'http request',
    z: 'tab',
    method: 'GET',
    ret: 'txt',
    paytoqs: 'ignore',
    url: url + number,
    persist: true,
    headers: [],
    wires: [[`changed${number}`]]
  },
  {
    id: `changed${number}`,
    type: 'function',
    z: 'tab',
    outputs: 1,
    func: `if (msg.statusCode !== 200) return null
flow.set('etag${number}', msg.headers.etag)
msg.payload = JSON.parse(msg.payload)
return msg`,
    wires: [[]]
  }
]

/** CPU of the whole Node-RED process per poll, less what it takes while it does nothing. */
const bench: Bench = {
  name: `CPU per poll in Node-RED, ${(SOURCES * 1000) / INTERVAL_MS} a second, one in ${POLLS_PER_UPDATE} is new`,
  async run() {
    const { url, polls, server } = await serve()
    const red = await NodeRed.start({ flows: [tab] })
    const measured = async (): Promise<{ cpuMs: number; polls: number }> => {
      await setTimeout(SETTLE_MS)
      const [cpu, count] = [(await red.diagnose()).processCpuMs, polls()]
      await setTimeout(MEASURE_MS)
      return { cpuMs: (await red.diagnose()).processCpuMs - cpu, polls: polls() - count }
    }
    try {
      await setTimeout(SETTLE_MS)
      const idle = await measured()
      const side = (flows: FlowNode[]) => async () => {
        await red.deploy(flows)
        const { cpuMs, polls } = await measured()
        return ((cpuMs - idle.cpuMs) / polls) * 1000
      }
      const figures = await alternate(3, side(ours(url)), side(core(url)))
      const what = 'poll-source against inject + function + http request'
      return [ratioRow(`CPU per poll: ${what}`, figures.ours, figures.theirs, 'µs', { atMost: 0.2 })]
    } finally {
      await red.close()
      server.closeAllConnections()
      server.close()
    }
  }
}
export default bench
