import { createServer } from 'node:net'
import { parentPort } from 'node:worker_threads'
import { Aedes } from 'aedes'

// as its README says, plus noDelay
const broker = await Aedes.createBroker()
const server = createServer({ noDelay: true }, socket => void broker.handle(socket))
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  const address = server.address()
  parentPort?.postMessage(typeof address === 'object' ? address?.port : 0)
})
parentPort?.on('message', () => parentPort?.postMessage(0))
