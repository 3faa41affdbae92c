import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import mqttPacket from 'mqtt-packet'
import { createWebSocketStream, WebSocket } from 'ws'
import { eventually, NodeRed } from '../helpers/node-red.js'
import { runtimes } from '../helpers/runtimes.js'
import { closeParties, connectPacket, type RawClient, rawClient } from '../lib/broker/parties.js'
import { type Bystanders, bystanders } from './bystanders.js'
import { comparison, ids } from './comparison.js'
import { describeServer, serverUrl } from './outside-readers.js'

const MB = 1024 * 1024
const CONNECT = 0x10
const PUBLISH = 0x30

/** The fixed header of a packet that declares so many bytes [MQTT-2.2.3]. */
function header(type: number, length: number): Buffer {
  const bytes = [type]
  for (let left = length; left > 0 || bytes.length === 1; left = Math.floor(left / 128))
    bytes.push((left % 128) + (left >= 128 ? 128 : 0))
  return Buffer.from(bytes)
}
const upgradeRequest = [
  'GET / HTTP/1.1',
  'Host: localhost',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Protocol: mqtt',
  `Sec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}`,
  '\r\n'
].join('\r\n')
const TEXT = 0x1
const BINARY = 0x2
/** The head of a WebSocket frame of so many bytes, masked with zeros (RFC 6455, 5.2). */
function frameHead(kind: number, length: number): Buffer {
  const head = Buffer.alloc(14)
  head.writeUInt16BE(((0x80 | kind) << 8) | 0xff)
  head.writeBigUInt64BE(BigInt(length), 2)
  return head
}
const noise = (length: number) => Buffer.from(Array.from({ length }, (_, index) => (index * 197 + 13) % 256))

const takenOrGone = (stream: Duplex) =>
  new Promise<void>(resolve => {
    const over = () => {
      stream.off('drain', over).off('close', over)
      resolve()
    }
    stream.on('drain', over).on('close', over)
  })
/** Sends 200 MB, as long as somebody takes them. */
async function flood({ stream }: Pick<RawClient, 'stream'>, head: Buffer): Promise<void> {
  stream.write(head)
  const chunk = Buffer.alloc(MB / 4, 'x')
  for (let sent = 0; sent < 200 * MB && stream.writable; sent += chunk.length)
    if (!stream.write(chunk)) await takenOrGone(stream)
}
async function letIn(client: RawClient): Promise<void> {
  client.send(connectPacket())
  await client.next('connack')
}

/** What a hostile client does, and the name under which it is counted. */
type Attack<Client> = readonly [what: string, limit: string, attack: (client: Client) => Promise<unknown>]
const attacks: readonly Attack<RawClient>[] = [
  ['garbage', 'malformed', async client => client.write(noise(5000))],
  [
    'garbage that begins like a CONNECT',
    'protocolError',
    async client => client.write(Buffer.concat([header(CONNECT, 100), noise(100)]))
  ],
  ['a CONNECT of 200 MB', 'maxConnectBytes', client => flood(client, header(CONNECT, 200 * MB))],
  [
    'a PUBLISH of 200 MB',
    'maxPacketBytes',
    async client => {
      await letIn(client)
      await flood(client, header(PUBLISH, 200 * MB))
    }
  ],
  [
    'garbage once it is let in',
    'protocolError',
    async client => {
      await letIn(client)
      client.write(Buffer.concat([header(0xf0, 100), noise(100)]))
    }
  ],
  [
    'an MQTT 5 CONNECT',
    'mqtt5',
    async client => {
      client.send(connectPacket({ protocolVersion: 5, properties: {} }))
      assert.equal((await client.next('connack')).returnCode, 1)
    }
  ]
]

const frameAttacks: readonly Attack<{ readonly stream: Duplex }>[] = [
  ['a message of 200 MB', 'maxConnectBytes', peer => flood(peer, frameHead(BINARY, 200 * MB))],
  ['a text message', 'webSocket', async ({ stream }) => stream.write(frameHead(TEXT, 0))],
  [
    'a message of 200 MB once it is let in',
    'maxPacketBytes',
    async ({ stream }) => {
      const packet = mqttPacket.generate(connectPacket())
      stream.write(Buffer.concat([frameHead(BINARY, packet.length), packet]))
      await once(stream, 'data')
      await flood({ stream }, frameHead(BINARY, 200 * MB))
    }
  ]
]

for (const runtime of runtimes)
  describe(`hostile MQTT clients of a running ${runtime.name}`, function () {
    this.timeout(120_000)
    let red: NodeRed
    let others: Bystanders
    let silent: Promise<void>[]

    const dial = {
      TCP: async (): Promise<Duplex> => {
        const { port } = new URL(await serverUrl(red, ids.broker, 'mqtt:'))
        const socket = connect(Number(port), '127.0.0.1')
        await once(socket, 'connect')
        return socket
      },
      WebSocket: async (): Promise<Duplex> => {
        const socket = new WebSocket(await serverUrl(red, ids.broker, 'ws:'), 'mqtt')
        await once(socket, 'open')
        const stream = createWebSocketStream(socket)
        socket.once('close', () => stream.destroy())
        return stream
      },
      /** Only accepted by the WebSocket port. */
      HTTP: async (): Promise<Duplex> => {
        const { port } = new URL(await serverUrl(red, ids.broker, 'ws:'))
        const socket = connect(Number(port), '127.0.0.1')
        await once(socket, 'connect')
        return socket
      },
      /** A WebSocket whose frames the test makes. */
      frames: async (): Promise<Duplex> => {
        const socket = await dial.HTTP()
        socket.write(upgradeRequest)
        const [answer] = await once(socket, 'data')
        assert.match(String(answer), /^HTTP\/1\.1 101 /)
        return socket
      }
    }
    const limits = async () => (await describeServer(red, ids.broker)).limits

    before('start, and connect those who say nothing or stop in the middle of a CONNECT', async () => {
      const flows = comparison({ read: 'log', rate: 50, intervalMs: 100 }).map(node =>
        node.type === 'push-broker' ? { ...node, wsPort: '0' } : node
      )
      red = await NodeRed.start({ runtime, flows })
      others = await bystanders(red)
      await others.unharmed()
      const half = mqttPacket.generate(connectPacket()).subarray(0, 9)
      silent = []
      for (const [open, bytes] of [
        [dial.TCP, ''],
        [dial.TCP, half],
        [dial.WebSocket, ''],
        [dial.WebSocket, half],
        [dial.HTTP, ''],
        [dial.HTTP, upgradeRequest.slice(0, -10)]
      ] as const) {
        const client = rawClient(await open())
        client.write(Buffer.from(bytes))
        silent.push(client.gone())
      }
    })
    after(async () => {
      await others?.close()
      await closeParties()
      await red?.close()
    })

    async function refused(limit: string, attack: () => Promise<unknown>): Promise<void> {
      const counted = (await limits())[limit] ?? 0
      const { rssBytes } = await red.diagnose()
      await attack()
      await eventually(async () => assert.equal((await limits())[limit], counted + 1))
      assert.ok((await red.diagnose()).rssBytes < rssBytes + 100 * MB, 'it was buffered')
      await others.unharmed()
    }
    const title = (what: string, over: string, limit: string) =>
      `${what} over ${over}: ended, counted as ${limit}, and nobody else is harmed`

    for (const over of ['TCP', 'WebSocket'] as const)
      for (const [what, limit, attack] of attacks)
        it(title(what, over, limit), () =>
          refused(limit, async () => {
            const client = rawClient(await dial[over]())
            await attack(client)
            await client.gone()
          })
        )
    for (const [what, limit, attack] of frameAttacks)
      it(title(what, 'WebSocket', limit), () =>
        refused(limit, async () => {
          const stream = await dial.frames()
          stream.on('error', () => undefined).resume()
          const gone = new Promise(resolve => stream.once('close', resolve))
          await attack({ stream })
          await gone
        })
      )

    it('nothing at all, or half a CONNECT: ended within the time to connect, and counted', async () => {
      await Promise.all(silent)
      await eventually(async () => assert.equal((await limits()).connectTimeoutMs, silent.length))
      await others.unharmed()
    })

    it('after all of them: no connection is left over, and every update has reached everybody else', async () => {
      await others.complete()
      await eventually(async () => assert.equal((await describeServer(red, ids.broker)).connections, 2))
      assert.doesNotMatch(red.output, /Uncaught|TypeError|RangeError/)
    })
  })
