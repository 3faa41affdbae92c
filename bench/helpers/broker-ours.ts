import { parentPort } from 'node:worker_threads'
import { startBroker } from '../../lib/broker/broker.js'

const broker = await startBroker(
  {
    host: '127.0.0.1',
    port: 0,
    wsPort: null,
    tls: null,
    anonymous: false,
    username: null,
    password: null,
    maxConnections: 10_000,
    maxPacketBytes: 1_048_576,
    streams: [],
    last: []
  },
  ({ message }) => console.error(message)
)
parentPort?.on('message', () => parentPort?.postMessage(broker.counters().dropped))
parentPort?.postMessage(broker.address.port)
