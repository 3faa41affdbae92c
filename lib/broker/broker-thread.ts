import { serveInThread } from '../thread/serve-in-thread.js'
import { startBroker } from './broker.js'

serveInThread(startBroker)
