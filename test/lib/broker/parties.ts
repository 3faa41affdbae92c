import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import mqtt, { type Packet } from 'mqtt-packet'
import { type BrokerOptions, startBroker } from '../../../lib/broker/broker.js'
import type { ServerNotice, ThreadServer } from '../../../lib/thread/thread-server.js'
import type { HandedUpdate, Qos } from '../../../lib/update/update.js'

/** What was opened during a test, closed after it, last first. */
const closers: (() => unknown)[] = []

export const afterTest = (close: () => unknown): void => {
  closers.push(close)
}

export async function closeParties(): Promise<void> {
  for (let close = closers.pop(); close; close = closers.pop()) await close()
}

export interface TestBroker extends ThreadServer {
  accept(update: HandedUpdate): void
  readonly notices: readonly ServerNotice[]
}

export const BROKER: BrokerOptions = {
  host: '127.0.0.1',
  port: 0,
  wsPort: null,
  tls: null,
  anonymous: false,
  username: null,
  password: null,
  maxConnections: 1000,
  maxPacketBytes: 1_048_576,
  streams: [],
  last: []
}

/** A broker on a free loopback port, closed after the test. */
export async function openBroker(options: Partial<BrokerOptions> = {}): Promise<TestBroker> {
  const notices: ServerNotice[] = []
  const broker = await startBroker({ ...BROKER, ...options }, notice => notices.push(notice))
  afterTest(() => broker.close())
  return Object.assign(broker, { notices })
}

/** A client that does nothing by itself: no acknowledgement, no keep-alive, no reading when paused. */
export interface RawClient {
  readonly stream: Duplex
  /** Everything received, in order. */
  readonly packets: Packet[]
  readonly closed: boolean
  send(packet: Packet): void
  write(bytes: Uint8Array): void
  /** The first packet received of a kind, not returned before; waits for it. */
  next(cmd: Packet['cmd']): Promise<Packet & Record<string, unknown>>
  /** Waits until so many packets of a kind have come. */
  count(cmd: Packet['cmd'], wanted: number): Promise<void>
  /** Resolves when the connection is gone. */
  gone(): Promise<void>
  end(): void
}

export function rawClient(stream: Duplex): RawClient {
  const packets: Packet[] = []
  const taken = new Set<Packet>()
  const parser = mqtt.parser()
  let closed = false
  let wake: () => void = () => {}
  const changed = () =>
    new Promise<void>(resolve => {
      const before = wake
      wake = () => {
        before()
        resolve()
      }
    })
  const awaken = () => {
    const waiting = wake
    wake = () => {}
    waiting()
  }
  parser.on('packet', packet => {
    packets.push(packet)
    awaken()
  })
  stream.on('data', (chunk: Buffer) => parser.parse(chunk))
  // a broker that refuses resets as well
  stream.on('error', () => {})
  stream.on('close', () => {
    closed = true
    awaken()
  })
  afterTest(() => stream.destroy())
  return {
    stream,
    packets,
    get closed() {
      return closed
    },
    send: packet => void stream.write(mqtt.generate(packet)),
    write: bytes => void stream.write(bytes),
    async next(cmd) {
      for (;;) {
        const packet = packets.find(candidate => candidate.cmd === cmd && !taken.has(candidate))
        if (packet) {
          taken.add(packet)
          return packet as Packet & Record<string, unknown>
        }
        if (closed) throw new Error(`closed while waiting for ${cmd}`)
        await changed()
      }
    },
    async count(cmd, wanted) {
      while (packets.filter(packet => packet.cmd === cmd).length < wanted) {
        if (closed) throw new Error(`closed at ${packets.length} packets, waiting for ${wanted} ${cmd}`)
        await changed()
      }
    },
    async gone() {
      while (!closed) await changed()
    },
    end: () => stream.destroy()
  }
}

export async function tcp(broker: Pick<ThreadServer, 'address'>): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port: broker.address.port, noDelay: true })
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

type Connect = Partial<Extract<Packet, { cmd: 'connect' }>>

let ids = 0
export const connectPacket = (options: Connect = {}): Packet =>
  ({
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clean: true,
    keepalive: 0,
    clientId: `client-${++ids}`,
    ...options
  }) as Packet

/** A raw client that has been let in. */
export async function connected(broker: ThreadServer, options: Connect = {}): Promise<RawClient> {
  const client = rawClient(await tcp(broker))
  client.send(connectPacket(options))
  await client.next('connack')
  return client
}

/** A raw client that has subscribed. */
export async function subscribed(
  broker: ThreadServer,
  topic: string,
  qos: Qos = 0,
  options: Connect = {}
): Promise<RawClient> {
  const client = await connected(broker, options)
  client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic, qos }] })
  await client.next('suback')
  return client
}

const EPOCH = '0000000000000ab'

export function update(stream: string, sequence: number, options: Partial<HandedUpdate> = {}): HandedUpdate {
  const id = `${EPOCH}-${String(sequence).padStart(12, '0')}`
  return {
    stream,
    id,
    epoch: EPOCH,
    sequence,
    generatedAt: 0,
    body: Buffer.from(JSON.stringify({ id })),
    qos: 0,
    retain: false,
    ...options
  }
}

/** Payload texts of the publishes that a client received. */
export const payloads = (client: RawClient): string[] =>
  client.packets.flatMap(packet => (packet.cmd === 'publish' ? [String(packet.payload)] : []))
