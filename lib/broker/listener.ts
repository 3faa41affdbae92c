import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { listenError } from '../thread/listen-error.js'

/** Connections that the kernel may hold for us: a whole fleet that comes back at once. */
const BACKLOG = 4096
const KEEP_ALIVE_DELAY_MS = 60_000

interface ListenerParts {
  readonly host: string
  readonly port: number
  onSocket(socket: Socket): void
  /** Something went wrong with a listener that had been listening. */
  onError(error: Error): void
}

/** A TCP port that listens. */
export interface Listener {
  readonly port: number
  /** Frees the port at once; resolves when every socket of it has closed. */
  close(): Promise<void>
}

/** @throws DeliveryError `PORT_IN_USE`, `LISTEN_FAILED` */
export async function listen({ host, port, onSocket, onError }: ListenerParts): Promise<Listener> {
  const server = createServer({
    noDelay: true,
    // peers that vanished without a word
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_DELAY_MS
  })
  server.on('connection', onSocket)
  try {
    server.listen({ host, port, backlog: BACKLOG })
    await once(server, 'listening')
  } catch (error) {
    throw listenError(error, { host, port })
  }
  server.on('error', onError)
  return { port: portOf(server), close: () => closed(server) }
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

const closed = (server: Server): Promise<void> => new Promise(resolve => server.close(() => resolve()))
