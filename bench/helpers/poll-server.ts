import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One answer in five is new: 200; the others are 304. */
export const POLLS_PER_UPDATE = 5

/** A server to poll: its documents are at `url` + any suffix. */
export interface PollServer {
  readonly url: string
  /** Polls answered so far. */
  polls(): number
  close(): void
}

/** Documents, one for each path, with an ETag that changes every fifth poll of it; counts the polls. */
export async function startPollServer(): Promise<PollServer> {
  let polls = 0
  const asked = new Map<string, number>()
  const server = createServer((request, response) => {
    const path = request.url ?? '/'
    const before = asked.get(path) ?? 0
    asked.set(path, before + 1)
    polls += 1
    const version = Math.floor(before / POLLS_PER_UPDATE)
    const etag = `"v${version}"`
    if (request.headers['if-none-match'] === etag) response.writeHead(304, { etag }).end()
    else
      response
        .writeHead(200, { etag, 'content-type': 'application/json' })
        .end(JSON.stringify({ id: version, value: 20.5, unit: 'C', sensor: 'roof' }))
  })
  server.keepAliveTimeout = 75_000
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/value`,
    polls: () => polls,
    close() {
      server.closeAllConnections()
      server.close()
    }
  }
}
