import { createServer } from 'node:net'
import { listenError } from './listen-error.js'

/**
 * Listens and stops at once, to see whether it could.
 * @param port - 0 = any free one: then only the host is in question
 * @throws DeliveryError `PORT_IN_USE` | `LISTEN_FAILED`
 */
export function tryListen(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer(socket => socket.destroy())
    server.once('error', error => reject(listenError(error, { host, port })))
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve()))
  })
}
