import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import mqtt from 'mqtt'
import { freePort, startMosquitto } from '../helpers/mosquitto.js'
import { eventually, type FlowNode, NodeRed } from '../helpers/node-red.js'
import { startProxy } from '../helpers/tcp-proxy.js'
import { comparison, ids } from './comparison.js'
import { describeServer, serverUrl } from './outside-readers.js'

/** A tab that keeps what it is sent in global context, so that a test can ask for it. */
const z = 'c0b0000000000000'
const recorder = (id: string, key: string, of: string): FlowNode => ({
  id,
  type: 'function',
  z,
  func: `const kept = global.get('${key}') || []; kept.push(${of}); global.set('${key}', kept)`,
  outputs: 0,
  wires: [[]]
})
const tab: FlowNode = { id: z, type: 'tab', label: 'Complaints' }
const catchAll: readonly FlowNode[] = [
  { id: 'c0b00000000000ca', type: 'catch', z, scope: null, wires: [['c0b00000000000cb']] },
  recorder('c0b00000000000cb', 'errors', 'msg.error.code || msg.error.message')
]
const kept = async <T>(red: NodeRed, key: string): Promise<T[]> => {
  const answer = await red.get<{ msg?: string; format?: string }>(`/context/global/${key}`)
  return answer.msg === undefined || answer.msg === '(undefined)' ? [] : (JSON.parse(answer.msg) as T[])
}
const reached = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
const errorLines = (red: NodeRed): string =>
  red.output
    .split('\n')
    .filter(line => /EADDRINUSE|Close timed out|PORT_IN_USE/.test(line))
    .join('\n')

/** A foreign HTTP server that does what a test says, and remembers its sockets and requests. */
async function site(answer: (request: IncomingMessage, response: ServerResponse, index: number) => void) {
  const sockets = new Set<Socket>()
  const bytes = { received: 0, sent: 0 }
  const requests: number[] = []
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    requests.push(performance.now())
    answer(request, response, requests.length - 1)
    server.emit('asked')
  })
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => {
      sockets.delete(socket)
      bytes.received += socket.bytesRead
      bytes.sent += socket.bytesWritten
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/value`,
    requests,
    /** Of all sockets, open and closed. */
    bytes: () => {
      const open = [...sockets]
      return {
        received: open.reduce((sum, socket) => sum + socket.bytesRead, bytes.received),
        sent: open.reduce((sum, socket) => sum + socket.bytesWritten, bytes.sent)
      }
    },
    async asked(times: number) {
      while (requests.length < times) await once(server, 'asked')
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    }
  }
}
const poller = (url: string, more: Readonly<Record<string, unknown>> = {}): FlowNode => ({
  id: ids.poll,
  type: 'poll-source',
  z,
  target: 'url',
  url,
  stream: 'value',
  intervalMs: '100',
  wires: [[], ['c0b00000000000e1']],
  ...more
})
const exchanges = recorder('c0b00000000000e1', 'exchanges', 'msg.exchange')
interface Exchange {
  readonly kind: string
  readonly outcome: string
  readonly dueAt: number | null
  readonly startedAt: number
  readonly endedAt: number
  readonly totals: { readonly bytesSent: number; readonly bytesReceived: number; readonly open: number }
}

/** What users of brokers and pollers complain about in forums and issues. */
describe('complaints about nodes of this kind', function () {
  this.timeout(60_000)
  let red: NodeRed
  before('start', async () => {
    red = await NodeRed.start()
  })
  after(() => red?.close())

  describe('about embedded brokers', () => {
    it('EADDRINUSE after redeploy; "Close timed out"; phantom clients; timers that survive a deploy', async () => {
      const port = await freePort()
      const settled = async () => {
        const { totals } = await red.get<{ totals: { connections: number } | null }>(
          `/delivery/server/${ids.broker}`
        )
        assert.equal(totals?.connections, 1)
        return (await red.diagnose()).resources
      }
      await red.deploy(comparison({ port, rate: 50 }))
      const before = await eventually(settled)
      // every other time the broker itself changes: it has to give its port up and take it again
      for (let round = 0; round < 6; round++) {
        const flows = comparison({ port, rate: 50 }).map(node =>
          node.type === 'push-broker' && round % 2 === 0 ? { ...node, maxConnections: '500' } : node
        )
        await red.deploy(flows)
      }
      await red.deploy(comparison({ port, rate: 50 }))
      await eventually(async () => {
        const after = await settled()
        const more = Object.entries(after).filter(([kind, count]) => count > (before[kind] ?? 0) + 2)
        assert.deepEqual(more, [])
      })
      assert.equal(errorLines(red), '')
    })

    it('a broker that runs on after its node was deleted', async () => {
      const port = await freePort()
      await red.deploy(comparison({ port }))
      await eventually(async () => assert.ok(await reached(port)))
      await red.deploy([])
      await eventually(async () => assert.ok(!(await reached(port))))
    })

    it('retained messages lost at restart', async () => {
      const port = await freePort()
      const flows = (maxConnections: string): FlowNode[] => [
        tab,
        { id: ids.broker, type: 'push-broker', port: String(port), alwaysOn: true, maxConnections },
        {
          id: 'c0b0000000000010',
          type: 'inject',
          z,
          once: true,
          onceDelay: 0.1,
          props: [{ p: 'payload' }],
          payload: '7',
          payloadType: 'num',
          wires: [['c0b0000000000011']]
        },
        {
          id: 'c0b0000000000011',
          type: 'delivery-origin',
          z,
          broker: ids.broker,
          stream: 'kept',
          retain: true,
          wires: [[]]
        }
      ]
      const retained = async (): Promise<unknown> => {
        const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`)
        try {
          const message = new Promise<Buffer>(resolve =>
            client.once('message', (_topic, body) => resolve(body))
          )
          await client.subscribeAsync('kept')
          const body = await message
          return (JSON.parse(body.toString()) as { data: unknown }).data
        } finally {
          await client.endAsync(true)
        }
      }
      await red.deploy(flows('100'))
      await eventually(async () => assert.equal(await retained(), 7))
      const without = flows('200').filter(({ type }) => type !== 'inject')
      await red.deploy(without)
      await eventually(async () => assert.equal(await retained(), 7))
    })

    it('one client without a password crashes Node-RED', async () => {
      const port = await freePort()
      const broker = { id: ids.broker, type: 'push-broker', port: String(port), alwaysOn: true }
      await red.deploy([{ ...broker, credentials: { username: 'me', password: 'secret' } }])
      await eventually(async () => assert.ok(await reached(port)))
      for (const options of [{}, { username: 'me' }, { username: 'me', password: 'wrong' }]) {
        const client = mqtt.connect(`mqtt://127.0.0.1:${port}`, { ...options, reconnectPeriod: 0 })
        const error = await new Promise<Error>(resolve => client.once('error', resolve))
        assert.match(error.message, /Connection refused: (Bad username or password|Not authorized)/)
        await client.endAsync(true)
      }
      const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, {
        username: 'me',
        password: 'secret'
      })
      await client.endAsync(true)
      assert.ok(red.running)
    })

    it('memory that grows with persistent sessions', async () => {
      // not the broker of an earlier test, whose thread and password might still be there
      const broker = 'c0a00000000000b1'
      const sessions = 20
      const kept = 10_000
      const sent = 12_000
      const work = { type: 'delivery-workload', z, arrivals: 'bursts', burstSize: String(sent / 2) }
      const limits = { rate: '10000', limit: String(sent), autostart: false }
      await red.deploy([
        tab,
        { id: broker, type: 'push-broker', alwaysOn: true },
        { id: ids.workload, ...work, ...limits, wires: [[ids.origin]] },
        {
          id: ids.origin,
          type: 'delivery-origin',
          z,
          broker,
          stream: 'owed',
          qos: '1',
          wires: [[]]
        }
      ])
      const described = () => describeServer(red, broker)
      const url = await eventually(() => serverUrl(red, broker))
      const come = (clean: boolean) =>
        Promise.all(
          Array.from({ length: sessions }, (_, index) =>
            mqtt.connectAsync(url, { clientId: `sometimes-${index}`, clean })
          )
        )
      // they come and go many times, and each time the same sessions are theirs
      for (let round = 0; round < 3; round++)
        for (const client of await come(false)) {
          await client.subscribeAsync('owed', { qos: 1 })
          await client.endAsync()
        }
      const { rssBytes } = await red.diagnose()
      await red.post(`/delivery/workload/${ids.workload}`, { running: true })
      await eventually(async () => {
        const { totals, limits: bitten } = await described()
        assert.equal(totals?.updates, sent)
        // what no session keeps is counted, and no more than that
        assert.equal(bitten.sessionMessages, sessions * (sent - kept))
      }, 30_000)
      // 400 bytes and as much again for each message kept: not those of all messages, nor of all rounds
      const grown = (await red.diagnose()).rssBytes - rssBytes
      assert.ok(grown < sessions * kept * 1600, `it grew by ${grown} bytes`)
      // a client that wants no session any more takes everything with it
      for (const client of await come(true)) await client.endAsync()
      const again = await come(false)
      let repeated = 0
      for (const client of again) {
        client.on('message', () => repeated++)
        await client.subscribeAsync('owed', { qos: 1 })
        await client.endAsync()
      }
      assert.equal(repeated, 0)
      await red.deploy([])
    })
  })

  describe('about MQTT clients', () => {
    it('QoS 1 messages silently lost while disconnected', async () => {
      // a broker that keeps what it has acknowledged: what is missing then is our loss
      const broker = await startMosquitto(['persistence true', 'persistence_location <folder>'])
      try {
        const sent = 20
        await red.deploy([
          tab,
          ...catchAll,
          { id: ids.broker, type: 'push-broker', mode: 'external', url: broker.url },
          {
            id: ids.workload,
            type: 'delivery-workload',
            z,
            arrivals: 'periodic',
            rate: '20',
            limit: String(sent),
            wires: [[ids.origin]]
          },
          {
            id: ids.origin,
            type: 'delivery-origin',
            z,
            broker: ids.broker,
            stream: 'safe',
            qos: '1',
            wires: [[]]
          },
          {
            id: ids.push,
            type: 'push-source',
            z,
            broker: ids.broker,
            stream: 'safe',
            qos: '1',
            session: 'persistent',
            clientId: 'safe-reader',
            wires: [['c0b0000000000021'], []]
          },
          recorder('c0b0000000000021', 'received', 'msg.delivery.sequence')
        ])
        await eventually(async () => assert.ok((await kept(red, 'received')).length > 0))
        await broker.stop()
        await broker.start()
        // every update has arrived, or an error at Catch says that it has not
        await eventually(async () => {
          const received = new Set(await kept<number>(red, 'received'))
          const failed = await kept<string>(red, 'errors')
          const unsaid = sent - received.size - failed.length
          assert.ok(unsaid <= 0, `${unsaid} of ${sent} are neither delivered nor reported`)
        }, 30_000)
      } finally {
        await red.deploy([])
        await broker.close()
      }
    })

    it('status "connected" long after the cable was pulled', async () => {
      const broker = await startMosquitto()
      const cable = await startProxy(broker.port)
      try {
        await red.deploy([
          tab,
          { id: ids.broker, type: 'push-broker', mode: 'external', url: `mqtt://127.0.0.1:${cable.port}` },
          { id: ids.push, type: 'push-source', z, broker: ids.broker, stream: 'far', wires: [[], []] }
        ])
        await eventually(() => assert.equal(red.statuses.get(ids.push)?.fill, 'green'))
        cable.pull()
        await eventually(() => assert.notEqual(red.statuses.get(ids.push)?.fill, 'green'), 40_000)
      } finally {
        await red.deploy([])
        await cable.close()
        await broker.close()
      }
    })

    it('an invalid topic with QoS 1 that reconnects for ever', async () => {
      await red.deploy([
        tab,
        ...catchAll,
        { id: ids.broker, type: 'push-broker', alwaysOn: true },
        {
          id: ids.push,
          type: 'push-source',
          z,
          broker: ids.broker,
          stream: 'a/#/b',
          qos: '1',
          wires: [[], []]
        }
      ])
      await eventually(async () =>
        assert.deepEqual((await kept<string>(red, 'errors')).slice(-1), ['TOPIC_INVALID'])
      )
      const { totals } = await red.get<{ totals: { connections: number } | null }>(
        `/delivery/server/${ids.broker}`
      )
      assert.equal(totals?.connections ?? 0, 0)
      assert.equal(red.statuses.get(ids.push)?.fill, 'red')
    })
  })

  describe('about pollers', () => {
    it('hung requests; overlapping polls', async () => {
      let open = 0
      let most = 0
      const hanging = await site((request, response) => {
        open += 1
        most = Math.max(most, open)
        request.once('close', () => {
          open -= 1
        })
        response.on('error', () => undefined)
      })
      try {
        await red.deploy([tab, exchanges, poller(hanging.url, { timeoutMs: '300' })])
        await hanging.asked(2)
        await eventually(async () => {
          const outcomes = (await kept<Exchange>(red, 'exchanges')).map(({ outcome }) => outcome)
          assert.ok(outcomes.includes('timeout'))
          assert.ok(outcomes.includes('skipped'))
        })
        assert.equal(most, 1)
      } finally {
        await red.deploy([])
        await hanging.close()
      }
    })

    it('polls that drift', async () => {
      const quick = await site((_request, response, index) => response.end(String(index)))
      const intervalMs = 20
      try {
        await red.deploy([
          tab,
          recorder('c0b00000000000e1', 'drift', 'msg.exchange'),
          poller(quick.url, { intervalMs: String(intervalMs) })
        ])
        await quick.asked(100)
        const planned = await eventually(async () => {
          const polls = (await kept<Exchange>(red, 'drift')).filter(
            ({ kind, dueAt }) => kind === 'poll' && dueAt !== null
          )
          assert.ok(polls.length >= 100)
          // a tick skipped during the first poll is told before it
          return polls.map(({ dueAt }) => dueAt ?? 0).sort((a, b) => a - b)
        })
        // the first poll comes at once, all others lie on one grid
        const [, base = 0, ...grid] = planned
        for (const dueAt of grid) {
          const steps = (dueAt - base) / intervalMs
          assert.ok(Math.abs(steps - Math.round(steps)) < 0.01, `a poll was planned ${steps} intervals later`)
        }
      } finally {
        await red.deploy([])
        await quick.close()
      }
    })

    it('Retry-After ignored', async () => {
      const busy = await site((_request, response, index) => {
        if (index === 0) response.writeHead(429, { 'retry-after': '2' })
        response.end('1')
      })
      try {
        await red.deploy([tab, exchanges, poller(busy.url)])
        await busy.asked(2)
        const [first = 0, second = 0] = busy.requests
        assert.ok(second - first >= 1990, `asked again after ${second - first} ms`)
      } finally {
        await red.deploy([])
        await busy.close()
      }
    })

    it('byte counts that add up wrongly on kept-alive sockets', async () => {
      const counted = await site((_request, response, index) => response.end('x'.repeat(index * 10)))
      try {
        await red.deploy([
          tab,
          recorder('c0b00000000000e1', 'bytes', 'msg.exchange'),
          poller(counted.url, { trigger: 'input' }),
          {
            id: 'c0b0000000000030',
            type: 'inject',
            z,
            repeat: '0.05',
            once: true,
            onceDelay: 0.1,
            props: [],
            wires: [[ids.poll]]
          }
        ])
        await counted.asked(20)
        await red.deploy(
          [
            tab,
            recorder('c0b00000000000e1', 'bytes', 'msg.exchange'),
            poller(counted.url, { trigger: 'input' })
          ],
          'nodes'
        )
        await eventually(async () => {
          const last = (await kept<Exchange>(red, 'bytes')).at(-1)
          const { received, sent } = counted.bytes()
          assert.deepEqual([last?.totals.bytesSent, last?.totals.bytesReceived], [received, sent])
        })
      } finally {
        await red.deploy([])
        await counted.close()
      }
    })
  })

  it('status floods that freeze the browser', async () => {
    const counts = new Map<string, number>()
    const count = (node: string) => counts.set(node, (counts.get(node) ?? 0) + 1)
    await red.deploy(comparison({ rate: 500, intervalMs: 50 }))
    const stop = red.onStatus(count)
    const begun = performance.now()
    await new Promise(resolve => setTimeout(resolve, 3000))
    stop()
    // one each half second of the process: those that the time touches, the first and the last one included
    const most = Math.ceil((performance.now() - begun) / 500) + 1
    for (const [node, changes] of counts)
      assert.ok(changes <= most, `${node} showed ${changes} states, expected at most ${most}`)
    assert.ok(counts.size > 0)
  })
})
