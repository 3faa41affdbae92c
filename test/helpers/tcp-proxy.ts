import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** Stands between client and server, and can be taken away like a cable: nothing passes, nothing closes. */
export interface TcpProxy {
  readonly port: number
  pull(): void
  close(): Promise<void>
}

export async function startProxy(target: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  let pulled = false
  const follow = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => sockets.delete(socket))
  }
  const server = createServer(near => {
    follow(near)
    if (pulled) return
    const far = connect(target, '127.0.0.1')
    follow(far)
    near.on('data', data => pulled || far.write(data))
    far.on('data', data => pulled || near.write(data))
    near.once('close', () => far.destroy())
    far.once('close', () => pulled || near.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    pull() {
      pulled = true
    },
    async close() {
      server.close()
      for (const socket of sockets) socket.destroy()
      await once(server, 'close')
    }
  }
}
