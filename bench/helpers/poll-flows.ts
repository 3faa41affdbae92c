import type { FlowNode } from '../../test/helpers/node-red.js'

/** Sources that poll at once: so that polls, and not the thread's wake-ups alone, make up the figure. */
export const SOURCES = 10

export const tab: FlowNode = { id: 'tab', type: 'tab', label: 'Poll' }
const numbers = Array.from({ length: SOURCES }, (_, index) => index)

/** `SOURCES` poll-sources, each on a document of its own. */
export const ours = (url: string, intervalMs: number): FlowNode[] => [
  tab,
  ...numbers.map(number => ({
    id: `poll${number}`,
    type: 'poll-source',
    z: 'tab',
    target: 'url',
    url: url + number,
    stream: `value${number}`,
    intervalMs: String(intervalMs),
    wires: [[], []]
  }))
]

/**
 * What a user builds from core nodes for the same: remember the ETag, ask with it, drop what is not new.
 * The body is parsed behind that: with `ret: 'obj'` the core node warns at every 304, which would cost it more.
 */
export const core = (url: string, intervalMs: number): FlowNode[] => [
  tab,
  ...numbers.flatMap(number => coreChain(url, intervalMs, number))
]

const coreChain = (url: string, intervalMs: number, number: number): FlowNode[] => [
  {
    id: `tick${number}`,
    type: 'inject',
    z: 'tab',
    repeat: String(intervalMs / 1000),
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
