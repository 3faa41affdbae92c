import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { ServerTls } from '../../../lib/thread/thread-server.js'

/** A real HTTP server on loopback that keeps what it was asked and counts its own bytes. */
export interface Site {
  readonly url: string
  readonly server: Server
  readonly requests: readonly IncomingMessage[]
  /** Of all its sockets so far. */
  bytes(): { readonly received: number; readonly sent: number; readonly connections: number }
  /** Resolves when the server has been asked `count` times. */
  asked(count: number): Promise<void>
  close(): Promise<void>
}

export async function openSite(answer: RequestListener, tls?: ServerTls): Promise<Site> {
  const requests: IncomingMessage[] = []
  const sockets = new Set<Socket>()
  const server = tls ? createTlsServer({ ...tls }) : createServer()
  server.on('connection', socket => sockets.add(socket))
  server.on('request', (request, response) => {
    requests.push(request)
    answer(request, response)
    server.emit('asked')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    server,
    requests,
    bytes: () => ({
      received: [...sockets].reduce((sum, socket) => sum + socket.bytesRead, 0),
      sent: [...sockets].reduce((sum, socket) => sum + socket.bytesWritten, 0),
      connections: sockets.size
    }),
    asked: async count => {
      while (requests.length < count) await once(server, 'asked')
    },
    close: async () => {
      if (!server.listening) return
      server.close()
      server.closeAllConnections()
      for (const socket of sockets) socket.destroy()
      await once(server, 'close')
    }
  }
}

/** Answers with JSON. */
export const json =
  (value: unknown, headers: Readonly<Record<string, string>> = {}): RequestListener =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value))
  }
