// Requests for the latest value: our feed beside a bare node:http server that answers the same bytes as constants.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { startFeed } from '../lib/feed/feed-server.js'
import { encodeUpdate } from '../lib/update/cloudevents.js'
import { updateId } from '../lib/update/identity.js'
import { type Bench, median, type Row, ratioRow } from './helpers/bench.js'
import { type LoadFigures, load } from './helpers/http-load.js'

const STREAM = 'updates'
const EPOCH = '0hoglr3ux9ka4zm'
const UPDATE = {
  stream: STREAM,
  origin: 'bench',
  id: updateId(EPOCH, 1),
  epoch: EPOCH,
  sequence: 1,
  generatedAt: 1767225600000.123,
  dueAt: null,
  speed: null
}
/** The 64-byte payload of `delivery-workload`. */
const BODY = encodeUpdate(UPDATE, { n: 1, value: 0.5, pad: 'x'.repeat(37) }, null)
const TAG = `"${UPDATE.id}"`
const REQUEST = `GET /latest/${STREAM} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n`
const KINDS = [
  { status: 200, request: `${REQUEST}\r\n` },
  { status: 304, request: `${REQUEST}If-None-Match: ${TAG}\r\n\r\n` }
] as const

const CONNECTIONS = 32
const SECONDS = 0.6
const ROUNDS = 15

async function serveFeed(): Promise<number> {
  const feed = await startFeed(
    {
      host: '127.0.0.1',
      port: 0,
      tls: null,
      anonymous: false,
      streams: [STREAM],
      last: [],
      token: null,
      history: 1000,
      cacheSeconds: 0,
      maxConnections: 10_000
    },
    notice => console.error(notice)
  )
  await feed.accept({ ...UPDATE, body: BODY, qos: 0, retain: false })
  return feed.address.port
}

/** What anybody would write to answer constants, with the headers that ours has. */
async function serveConstants(): Promise<number> {
  const unchanged = { ETag: TAG, 'Cache-Control': 'no-cache', Vary: 'Prefer' }
  const found = {
    'Content-Type': 'application/cloudevents+json',
    'Content-Length': BODY.byteLength,
    ...unchanged
  }
  const server = createServer((request, response) => {
    if (request.headers['if-none-match'] === TAG) response.writeHead(304, unchanged).end()
    else response.writeHead(200, found).end(BODY)
  })
  server.keepAliveTimeout = 75_000
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** A server in a process of its own. */
interface Served {
  readonly port: number
  readonly child: ChildProcess
  /** CPU time of its process in µs so far. */
  cpu(): Promise<number>
}

async function start(side: 'feed' | 'constants'): Promise<Served> {
  const child = fork(fileURLToPath(import.meta.url), [side])
  const [port] = (await once(child, 'message')) as [number]
  const cpu = async () => {
    child.send('cpu')
    const [micros] = (await once(child, 'message')) as [number]
    return micros
  }
  return { port, child, cpu }
}

type Figures = LoadFigures & { readonly cpuMicros: number }

async function measure({ port, cpu }: Served, request: string): Promise<Figures> {
  const before = await cpu()
  const startedAt = performance.now()
  const figures = await load({ port, request, connections: CONNECTIONS, seconds: SECONDS })
  const requests = (figures.requestsPerSecond * (performance.now() - startedAt)) / 1000
  return { ...figures, cpuMicros: ((await cpu()) - before) / requests }
}

/** Medians of both sides over the rounds, which alternate. */
const row = (
  what: string,
  unit: string,
  ours: readonly Figures[],
  theirs: readonly Figures[],
  of: (figures: Figures) => number,
  goal: { atLeast: number } | { atMost: number }
): Row => ratioRow(what, median(ours.map(of)), median(theirs.map(of)), unit, goal)

async function run(): Promise<readonly Row[]> {
  const [feed, constants] = await Promise.all([start('feed'), start('constants')])
  try {
    const rows: Row[] = []
    for (const { status, request } of KINDS) {
      const ours: Figures[] = []
      const theirs: Figures[] = []
      // the first round warms both up
      for (let round = 0; round <= ROUNDS; round++) {
        const sides = [
          [feed, ours],
          [constants, theirs]
        ] as const
        for (const [server, figures] of round % 2 === 0 ? sides : [...sides].reverse()) {
          const found = await measure(server, request)
          if (round > 0) figures.push(found)
        }
      }
      const what = `feed, latest ${status}`
      rows.push(
        row(`${what}: requests`, '/s', ours, theirs, figures => figures.requestsPerSecond, { atLeast: 0.95 }),
        // 10 % is what two equal servers differ by here
        row(`${what}: p99`, 'ms', ours, theirs, figures => figures.p99Ms, { atMost: 1.1 }),
        row(`${what}: CPU a request`, 'µs', ours, theirs, figures => figures.cpuMicros, { atMost: 1.1 })
      )
    }
    return rows
  } finally {
    feed.child.kill()
    constants.child.kill()
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const port = await (process.argv[2] === 'feed' ? serveFeed() : serveConstants())
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    process.send?.(user + system)
  })
  process.on('disconnect', () => process.exit())
  process.send?.(port)
}

export default { name: 'feed: the latest value beside bare node:http', run } satisfies Bench
