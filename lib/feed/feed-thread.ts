import { serveInThread } from '../thread/serve-in-thread.js'
import { startFeed } from './feed-server.js'

serveInThread(startFeed)
