import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type FlowNode, NodeRed } from '../test/helpers/node-red.js'
import { type Bench, factRow, inTurn, median, type Row, ratioRow } from './helpers/bench.js'
import type { FloorKind, FloorOrder } from './helpers/poll-floor.js'
import { core, ours, SOURCES, tab } from './helpers/poll-flows.js'
import { POLLS_PER_UPDATE, type PollServer, startPollServer } from './helpers/poll-server.js'

/** Polls a second, of all sources together. */
const RATES = [50, 250, 1000]
/** A poller runs for months: what V8 spends on compiling the first thousands of polls is not what it costs. */
const WARM_UP = { rate: 500, ms: 8000 }
const SETTLE_MS = 500
const MEASURE_MS = 2500

/** One process that polls: how to make it do so, and what it costs. */
interface Party {
  start(url: string, intervalMs: number): Promise<void>
  stop(): Promise<void>
  /** CPU time of the whole process. */
  cpuMs(): Promise<number>
  close(): Promise<void>
}

async function nodeRed(flows: (url: string, intervalMs: number) => FlowNode[]): Promise<Party> {
  // what nodes show goes nowhere, as it does while no editor is open
  const red = await NodeRed.start({ flows: [tab], env: { DELIVERY_TELL_STATUS: 'no' } })
  return {
    start: (url, intervalMs) => red.deploy(flows(url, intervalMs)),
    stop: () => red.deploy([tab]),
    cpuMs: async () => (await red.diagnose()).processCpuMs,
    close: () => red.close()
  }
}

/** The same polls without Node-RED. */
async function floorOf(floor: FloorKind): Promise<Party> {
  const child = fork(fileURLToPath(new URL('helpers/poll-floor.js', import.meta.url)))
  const order = async (what: FloorOrder): Promise<number> => {
    const answer = once(child, 'message')
    child.send(what)
    return (await answer)[0] as number
  }
  return {
    start: async (url, intervalMs) =>
      void (await order({ kind: 'start', floor, url, sources: SOURCES, intervalMs })),
    stop: async () => void (await order({ kind: 'stop' })),
    cpuMs: () => order({ kind: 'cpu' }),
    async close() {
      child.kill('SIGKILL')
      await once(child, 'close')
    }
  }
}

const sides = ['ours', 'core', 'undici', 'http', 'net'] as const
type Side = (typeof sides)[number]

/** CPU of a process per poll, less what it takes while it does nothing; and the polls a second that came of it. */
async function measured(
  { start, stop, cpuMs }: Party,
  { url, polls }: PollServer,
  { rate, idle }: { readonly rate: number; readonly idle: number }
): Promise<{ readonly cpuUs: number; readonly rate: number }> {
  await start(url, (SOURCES * 1000) / rate)
  await setTimeout(SETTLE_MS)
  const [cpu, count, at] = [await cpuMs(), polls(), performance.now()]
  await setTimeout(MEASURE_MS)
  const spent = (await cpuMs()) - cpu
  const [answered, ms] = [polls() - count, performance.now() - at]
  await stop()
  return { cpuUs: ((spent - idle * ms) / answered) * 1000, rate: (answered / ms) * 1000 }
}

async function warmUp({ start, stop, cpuMs }: Party, { url }: PollServer): Promise<number> {
  await start(url, (SOURCES * 1000) / WARM_UP.rate)
  await setTimeout(WARM_UP.ms)
  await stop()
  await setTimeout(SETTLE_MS)
  const before = await cpuMs()
  await setTimeout(MEASURE_MS)
  return ((await cpuMs()) - before) / MEASURE_MS
}

const bench: Bench = {
  name: `CPU per poll in Node-RED, ${RATES.join(', ')} a second, one in ${POLLS_PER_UPDATE} is new (3 min)`,
  async run() {
    const server = await startPollServer()
    const parties = {} as Record<Side, Party>
    try {
      parties.ours = await nodeRed(ours)
      parties.core = await nodeRed(core)
      for (const floor of ['undici', 'http', 'net'] as const) parties[floor] = await floorOf(floor)
      const idle = {} as Record<Side, number>
      for (const side of sides) idle[side] = await warmUp(parties[side], server)
      const rows: Row[] = []
      for (const rate of RATES) {
        const coreRates: number[] = []
        const figures = await inTurn(3, sides, async side => {
          const found = await measured(parties[side], server, { rate, idle: idle[side] })
          if (side === 'core') coreRates.push(found.rate)
          return found.cpuUs
        })
        // beyond what one thread can do, the core nodes answer fewer than are asked of them
        const coreRate = median(coreRates)
        const short = coreRate < 0.9 * rate ? ` (core: ${Math.round(coreRate)})` : ''
        const per = `CPU per poll, ${rate}/s${short}`
        rows.push(
          ratioRow(`${per}: poll-source, inject + http request`, figures.ours, figures.core, 'µs', {
            atMost: 0.2
          }),
          factRow(`  poll-source above bare undici`, figures.ours - figures.undici, figures.core, 'µs'),
          factRow(`  bare undici without Node-RED`, figures.undici, figures.core, 'µs'),
          factRow(`  bare node:http without Node-RED`, figures.http, figures.core, 'µs'),
          factRow(`  a bare socket, no HTTP`, figures.net, figures.core, 'µs')
        )
      }
      return rows
    } finally {
      for (const party of Object.values(parties)) await party.close()
      server.close()
    }
  }
}
export default bench
