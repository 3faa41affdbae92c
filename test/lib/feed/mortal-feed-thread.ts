// The feed's thread, except that the update with the number 99 ends it at once.
import { startFeed } from '../../../lib/feed/feed-server.js'
import { serveInThread } from '../../../lib/thread/serve-in-thread.js'

serveInThread<Parameters<typeof startFeed>[0]>(async (options, notify) => {
  const feed = await startFeed(options, notify)
  return {
    ...feed,
    accept(update) {
      if (update.sequence === 99) process.exit(1)
      return feed.accept(update)
    }
  }
})
