// The child process of node-red.ts: Node-RED as its own command starts it, observed over the IPC channel.
// node node-red-process.js <red.js> [Node-RED's arguments]
import type { EventEmitter } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { performance } from 'node:perf_hooks'
import type { Worker } from 'node:worker_threads'
import type { NodeStatus } from 'node-red'

/** What a running Node-RED process holds and has used. */
export interface Diagnosis {
  /** Threads of the process, V8's own included; null where /proc is missing. */
  readonly threads: number | null
  /** What keeps the event loop of the main thread alive, counted by kind. */
  readonly resources: Readonly<Record<string, number>>
  readonly rssBytes: number
  /** CPU time of the whole process. */
  readonly processCpuMs: number
  /** CPU time of the main thread; null where /proc is missing. */
  readonly threadCpuMs: number | null
  /** Of the main thread since its start. */
  readonly eventLoop: { readonly idleMs: number; readonly activeMs: number }
}

/** Child to parent. */
export type Report =
  | { readonly kind: 'flows-started' }
  | { readonly kind: 'status'; readonly node: string; readonly status: NodeStatus }
  | { readonly kind: 'diagnosis'; readonly diagnosis: Diagnosis }
  | { readonly kind: 'thread-killed'; readonly port: number }

/** Parent to child. */
export type Order = 'diagnose' | { readonly killThreadAt: number }

function procFigure<T>(read: () => T): T | null {
  return process.platform === 'linux' ? read() : null
}

function diagnose(): Diagnosis {
  const resources: Record<string, number> = {}
  for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1
  const { user, system } = process.cpuUsage()
  const { idle, active } = performance.eventLoopUtilization()
  return {
    threads: procFigure(() => readdirSync('/proc/self/task').length),
    resources,
    rssBytes: process.memoryUsage.rss(),
    processCpuMs: (user + system) / 1000,
    threadCpuMs: procFigure(
      () => Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6
    ),
    eventLoop: { idleMs: idle, activeMs: active }
  }
}

const tell = (report: Report) => {
  if (process.connected) process.send?.(report)
}

const [red = '', ...args] = process.argv.slice(2)
const require = createRequire(red)
const { events } = require('@node-red/util') as { events: EventEmitter }
events.on('flows:started', () => tell({ kind: 'flows-started' }))
// a bench counts the CPU of nodes, not of telling what they show
if (process.env.DELIVERY_TELL_STATUS !== 'no')
  events.on('node-status', ({ id, status }: { id: string; status: NodeStatus }) =>
    tell({ kind: 'status', node: id, status })
  )
const threads = new Map<number, Worker>()
process.on('worker', (worker: Worker) =>
  worker.on('message', (message: { kind?: string; address?: { port: number } }) => {
    if (message.kind === 'listening' && message.address) threads.set(message.address.port, worker)
  })
)
process.on('message', (order: Order) => {
  if (order === 'diagnose') tell({ kind: 'diagnosis', diagnosis: diagnose() })
  else
    threads
      .get(order.killThreadAt)
      ?.terminate()
      .then(() => tell({ kind: 'thread-killed', port: order.killThreadAt }))
})
// The tests are gone: so is what they started
process.on('disconnect', () => process.exit(1))

process.argv.splice(1, process.argv.length, red, ...args)
require(red)
