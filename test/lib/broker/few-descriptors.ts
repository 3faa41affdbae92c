import { startBroker } from '../../../lib/broker/broker.js'
import { BROKER } from './parties.js'

// a process of its own whose descriptors run out
const broker = await startBroker({ ...BROKER, maxConnections: 10_000 }, () => {})
process.on('message', message => {
  if (message === 'counters') process.send?.(broker.counters())
  else void broker.close().then(() => process.disconnect())
})
process.send?.(broker.address)
