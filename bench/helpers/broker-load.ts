// A process that loads a broker: one publisher that always has some messages on the way, N subscribers that only count.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import mqtt from 'mqtt-packet'

export interface LoadRequest {
  readonly kind: 'open' | 'run' | 'close'
  readonly port: number
  readonly subscribers: number
  readonly qos: 0 | 1
  /** Messages that may be on the way at a time. */
  readonly window: number
  readonly ms: number
}

/** Connections opened at a time. */
const AT_ONCE = 50
const TOPIC = 'bench/updates'
const PAYLOAD = Buffer.alloc(100, 'x')

interface Load {
  readonly sockets: readonly Socket[]
  run(ms: number): Promise<number>
}

async function open({ port, subscribers, qos, window }: LoadRequest): Promise<Load> {
  const publish = mqtt.generate({
    ...{ cmd: 'publish', topic: TOPIC, payload: PAYLOAD, qos, retain: false, dup: false, messageId: 1 }
  } as const)
  const idAt = 2 + 2 + TOPIC.length
  let delivered = 0
  let published = 0
  let running = false
  let pump = () => {}

  /** Counts whole publishes, all of one length, and acknowledges them with one write. */
  const count = (socket: Socket) => {
    let rest: Buffer = Buffer.alloc(0)
    socket.on('data', (chunk: Buffer) => {
      const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
      const whole = Math.floor(bytes.length / publish.length)
      if (qos === 1 && whole > 0) {
        const acks = Buffer.allocUnsafe(whole * 4)
        for (let n = 0; n < whole; n++) {
          acks.writeUInt16BE(0x4002, n * 4)
          bytes.copy(acks, n * 4 + 2, n * publish.length + idAt, n * publish.length + idAt + 2)
        }
        socket.write(acks)
      }
      rest = bytes.subarray(whole * publish.length)
      delivered += whole
      pump()
    })
  }
  const connected = async (clientId: string) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    socket.write(
      mqtt.generate({
        cmd: 'connect',
        protocolId: 'MQTT',
        protocolVersion: 4,
        clean: true,
        clientId,
        keepalive: 0
      })
    )
    await once(socket, 'data')
    return socket
  }
  const subscriber = async (n: number) => {
    const socket = await connected(`subscriber-${n}`)
    socket.write(mqtt.generate({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: TOPIC, qos }] }))
    await once(socket, 'data')
    count(socket)
    return socket
  }
  const sockets: Socket[] = []
  while (sockets.length < subscribers) {
    const few = Math.min(AT_ONCE, subscribers - sockets.length)
    const opened = Array.from({ length: few }, (_, n) => subscriber(sockets.length + n))
    sockets.push(...(await Promise.all(opened)))
  }
  const publisher = await connected('publisher')
  publisher.resume()
  sockets.push(publisher)
  let messageId = 0
  pump = () => {
    const free = window - (published - delivered / subscribers)
    // in portions, so that both sides work at the same time
    if (!running || free < window / 4) return
    const batch: Buffer[] = []
    for (let n = 0; n < Math.floor(free); n++) {
      const packet = qos === 1 ? Buffer.from(publish) : publish
      if (qos === 1) {
        messageId = (messageId % 65_535) + 1
        packet.writeUInt16BE(messageId, idAt)
      }
      batch.push(packet)
    }
    published += batch.length
    publisher.write(Buffer.concat(batch))
  }
  return {
    sockets,
    async run(ms) {
      running = true
      pump()
      await new Promise(resolve => setTimeout(resolve, ms / 4))
      const before = delivered
      const started = performance.now()
      await new Promise(resolve => setTimeout(resolve, ms))
      const rate = ((delivered - before) / (performance.now() - started)) * 1000
      running = false
      while (delivered < published * subscribers) await new Promise(resolve => setTimeout(resolve, 5))
      return rate
    }
  }
}

const loads = new Map<number, Load>()
process.on('message', async (request: LoadRequest) => {
  if (request.kind === 'open') loads.set(request.port, await open(request))
  const rate = request.kind === 'run' ? await loads.get(request.port)?.run(request.ms) : 0
  if (request.kind === 'close') {
    for (const socket of loads.get(request.port)?.sockets ?? []) socket.destroy()
    loads.delete(request.port)
  }
  process.send?.(rate ?? 0)
})
