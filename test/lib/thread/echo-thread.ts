import { createServer, type Socket } from 'node:net'
import { DeliveryError } from '../../../lib/errors.js'
import { serveInThread } from '../../../lib/thread/serve-in-thread.js'
import type { ThreadServer, ThreadServerOptions } from '../../../lib/thread/thread-server.js'

export interface EchoOptions extends ThreadServerOptions {
  /** `late`: takes its time to listen. */
  readonly behaviour?: 'late' | 'bad-tls' | 'never-closes' | 'dies'
}

/** A server whose clients read, one line each, what it was started with and what it accepts; some updates are commands. */
serveInThread<EchoOptions>(async (options, notify): Promise<ThreadServer> => {
  if (options.behaviour === 'bad-tls') throw new DeliveryError('TLS_INVALID', 'Expected a key, found none')
  if (options.behaviour === 'dies') process.exit(1)
  if (options.behaviour === 'late') await new Promise(resolve => setTimeout(resolve, 200))
  const sockets = new Set<Socket>()
  const lines = [
    ...options.streams.map(stream => `stream ${stream}`),
    ...options.last.map(update => `last ${update.id} ${Buffer.from(update.body).toString()}`)
  ]
  const tell = (line: string) => {
    lines.push(line)
    for (const socket of sockets) socket.write(`${line}\n`)
  }
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    for (const line of lines) socket.write(`${line}\n`)
  })
  const listen = (wanted: number) =>
    new Promise<number>((resolve, reject) => {
      server.once('error', reject)
      server.listen(wanted, options.host, () => {
        server.off('error', reject)
        const bound = server.address()
        resolve(typeof bound === 'object' && bound ? bound.port : 0)
      })
    })
  let port = await listen(options.port)
  let updates = 0
  const commands: Readonly<Record<string, () => void | Promise<void>>> = {
    die: () => {
      setImmediate(() => {
        throw new Error('told to die')
      })
      return new Promise(() => undefined)
    },
    refuse: () => {
      throw new DeliveryError('PAYLOAD_TOO_LARGE', 'Expected less, found more')
    },
    'refuse later': async () => {
      throw new Error('no space left')
    },
    notify: () => notify({ code: 'MQTT5_REFUSED', message: 'client x spoke MQTT 5' }),
    work: () => {
      const until = performance.now() + 100
      while (performance.now() < until);
    }
  }
  return {
    get address() {
      return { host: options.host, port, wsPort: options.wsPort ?? null }
    },
    declare: streams => {
      for (const stream of streams) tell(`stream ${stream}`)
    },
    accept(update) {
      const text = Buffer.from(update.body).toString()
      const result = commands[text]?.()
      updates += 1
      tell(`${update.id} ${text}`)
      return result
    },
    counters: () => ({
      connections: sockets.size,
      dropped: 0,
      refused: 0,
      expired: 0,
      updates,
      limits: updates > 0 ? { echoed: updates } : {}
    }),
    goAway: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
    async comeBack(ports) {
      port = await listen(ports.port)
    },
    async close() {
      if (options.behaviour === 'never-closes') await new Promise(() => undefined)
      server.close()
      for (const socket of sockets) socket.destroy()
    }
  }
})
