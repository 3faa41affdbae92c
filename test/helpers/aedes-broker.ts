import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { Aedes, type AedesOptions } from 'aedes'
import { createWebSocketStream, WebSocketServer } from 'ws'

/** A plain Aedes in this process, whose side of every socket can be looked at. */
export interface AedesBroker {
  readonly broker: Aedes
  readonly port: number
  readonly url: string
  /** Bytes on the wire of all connections ever made, as the server counted them. */
  bytes(): { sent: number; received: number }
  /** Connections open now. */
  readonly open: number
  /** Ends every connection without a word. */
  drop(): void
  close(): Promise<void>
}

export type Transport = 'mqtt' | 'mqtts' | 'ws' | 'wss'

export async function startAedes({
  transport = 'mqtt',
  certificate,
  options,
  port = 0
}: {
  transport?: Transport
  certificate?: { key: string; cert: string }
  options?: AedesOptions
  port?: number
} = {}): Promise<AedesBroker> {
  const broker = await Aedes.createBroker(options)
  const sockets = new Set<Socket>()
  const all: Socket[] = []
  const handle = (stream: Parameters<Aedes['handle']>[0]) => broker.handle(stream)
  const tls = certificate ?? {}
  const servers = {
    mqtt: () => createServer({ noDelay: true }, handle),
    mqtts: () => createTlsServer(tls, handle),
    ws: () => createHttpServer(),
    wss: () => createHttpsServer(tls)
  }
  const server: Server = servers[transport]()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    all.push(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => sockets.delete(socket))
  })
  // a client that breaks off in the middle of a handshake is none of the test's business
  server.on('tlsClientError', () => {})
  if (transport === 'ws' || transport === 'wss')
    new WebSocketServer({ server: server as never }).on('connection', ws => handle(createWebSocketStream(ws)))
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const listening = (server.address() as AddressInfo).port
  return {
    broker,
    port: listening,
    url: `${transport}://127.0.0.1:${listening}`,
    bytes: () => ({
      sent: all.reduce((sum, socket) => sum + socket.bytesWritten, 0),
      received: all.reduce((sum, socket) => sum + socket.bytesRead, 0)
    }),
    get open() {
      return sockets.size
    },
    drop() {
      for (const socket of sockets) socket.destroy()
    },
    async close() {
      const closed = new Promise(resolve => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await new Promise<void>(resolve => broker.close(() => resolve()))
      await closed
    }
  }
}
