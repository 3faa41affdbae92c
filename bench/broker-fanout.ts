import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { alternate, type Bench, type Row, ratioRow } from './helpers/bench.js'
import type { LoadRequest } from './helpers/broker-load.js'

const MS = 1000
const ROUNDS = 3
/** Subscribers, and messages on the way: enough for the broker never to wait. */
const SIZES = [
  [1, 2000],
  [100, 200],
  [1000, 40]
] as const

async function startWorker(file: string): Promise<{ worker: Worker; port: number }> {
  const worker = new Worker(new URL(`./helpers/${file}`, import.meta.url))
  const [port] = await once(worker, 'message')
  return { worker, port }
}

/** Deliveries per second at saturation: plain Aedes against the embedded broker with all its guards. */
const bench: Bench = {
  name: 'broker fan-out',
  async run() {
    const ours = await startWorker('broker-ours.js')
    const plain = await startWorker('broker-plain.js')
    const load = fork(fileURLToPath(new URL('./helpers/broker-load.js', import.meta.url)))
    const ask = async (request: LoadRequest): Promise<number> => {
      load.send(request)
      const [answer] = await once(load, 'message')
      return answer
    }
    const rows: Row[] = []
    for (const qos of [0, 1] as const)
      for (const [subscribers, window] of SIZES) {
        const of = (kind: LoadRequest['kind'], port: number) =>
          ask({ kind, port, subscribers, qos, window, ms: MS })
        for (const { port } of [ours, plain]) await of('open', port)
        const rates = await alternate(
          ROUNDS,
          () => of('run', ours.port),
          () => of('run', plain.port)
        )
        for (const { port } of [ours, plain]) await of('close', port)
        const what = `broker fan-out, QoS ${qos}, ${subscribers} subscriber${subscribers > 1 ? 's' : ''}`
        rows.push(ratioRow(what, rates.ours, rates.theirs, 'deliveries/s', { atLeast: 1 }))
      }
    ours.worker.postMessage('dropped')
    const [dropped] = await once(ours.worker, 'message')
    if (dropped > 0) throw new Error(`Expected a healthy fan-out to lose nothing, found ${dropped} dropped`)
    load.disconnect()
    await Promise.all([ours.worker.terminate(), plain.worker.terminate(), once(load, 'exit')])
    return rows
  }
}

export default bench
