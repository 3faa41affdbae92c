import { type IncomingHttpHeaders, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import type { Clock } from '../../../lib/clock.js'
import { systemClock } from '../../../lib/clock.js'
import { type FeedOptions, openFeed } from '../../../lib/feed/feed-server.js'
import type { ServerNotice, ThreadServer } from '../../../lib/thread/thread-server.js'
import { encodeUpdate } from '../../../lib/update/cloudevents.js'
import { updateId } from '../../../lib/update/identity.js'
import type { HandedUpdate } from '../../../lib/update/update.js'

export const EPOCH = '0hoglr3ux9ka4zm'
export const LATER_EPOCH = '0hoglr3ux9kb000'

/** An update as an origin hands it over. */
export function handed(
  sequence: number,
  { stream = 'updates', epoch = EPOCH, payload = {} as unknown } = {}
): HandedUpdate {
  const generatedAt = Date.UTC(2026, 0, 1) + sequence
  const id = updateId(epoch, sequence)
  const update = { stream, origin: 'o', id, epoch, sequence, generatedAt, dueAt: null, speed: null }
  return {
    stream,
    id,
    epoch,
    sequence,
    generatedAt,
    qos: 0,
    retain: false,
    body: encodeUpdate(update, payload, null)
  }
}

/** An open feed and what it told people. */
export interface OpenFeed extends Omit<ThreadServer, 'accept'> {
  /** A feed accepts in the turn it is asked in. */
  accept(update: HandedUpdate): void
  readonly url: string
  readonly notices: ServerNotice[]
}

const DEFAULTS: FeedOptions = {
  host: '127.0.0.1',
  port: 0,
  tls: null,
  anonymous: false,
  streams: ['updates'],
  last: [],
  token: null,
  history: 1000,
  cacheSeconds: 0,
  maxConnections: 100
}

/** Opens feeds and closes them after each test of the suite it is called in. */
export function feeds(): (options?: Partial<FeedOptions>, clock?: Clock) => Promise<OpenFeed> {
  const open: ThreadServer[] = []
  afterEach(async () => {
    for (const feed of open.splice(0)) await feed.close()
  })
  return async (options = {}, clock = systemClock()) => {
    const notices: ServerNotice[] = []
    const all = { ...DEFAULTS, ...options }
    const feed = await openFeed(all, notice => notices.push(notice), clock)
    open.push(feed)
    const scheme = all.tls ? 'https' : 'http'
    return {
      ...feed,
      notices,
      url: `${scheme}://127.0.0.1:${feed.address.port}`,
      accept(update) {
        void feed.accept(update)
      }
    }
  }
}

/** A client that sees every byte: what HTTP libraries would hide or refuse to send. */
export class RawClient {
  readonly socket: Socket
  readonly closed: Promise<void>
  #text = ''
  #look: () => void = () => undefined

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1')
    this.socket.on('error', () => this.socket.destroy())
    this.socket.setEncoding('latin1')
    this.socket.on('data', chunk => {
      this.#text += chunk
      this.#look()
    })
    this.closed = new Promise(resolve => this.socket.once('close', () => resolve()))
  }

  get text(): string {
    return this.#text
  }

  send(text: string): this {
    this.socket.write(text, 'latin1')
    return this
  }

  /** Everything received so far, once it matches; an error when the connection ends before. */
  until(pattern: RegExp): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#look = () => {
        if (pattern.test(this.#text)) resolve(this.#text)
      }
      void this.closed.then(() =>
        reject(new Error(`Expected ${pattern}, found ${JSON.stringify(this.#text.slice(0, 1000))}`))
      )
      this.#look()
    })
  }
}

/** Opens raw clients and ends them after each test of the suite it is called in. */
export function rawClients(): (feed: Pick<ThreadServer, 'address'>) => RawClient {
  const open: RawClient[] = []
  afterEach(async () => {
    for (const client of open.splice(0)) {
      client.socket.destroy()
      await client.closed
    }
  })
  return feed => {
    const client = new RawClient(feed.address.port)
    open.push(client)
    return client
  }
}

/** Waits, turn by turn, until something is so; gives up after 15 s, or a test that fails would never end. */
export async function until(holds: () => boolean): Promise<void> {
  const giveUpAt = performance.now() + 15_000
  while (!holds()) {
    if (performance.now() > giveUpAt) throw new Error(`Expected ${holds}, found otherwise for 15 s`)
    await new Promise(resolve => setImmediate(resolve))
  }
}

/** One answer, whole. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** What a request may say. */
export interface Ask {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string
}

/** Asks once, on a connection of its own. */
export function ask(
  { url }: { url: string },
  path: string,
  { method = 'GET', headers = {}, body }: Ask = {}
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url)
    const asked = request({ hostname, port, path, method, headers, agent: false }, answer => {
      answer.setEncoding('utf8')
      let text = ''
      answer.on('data', chunk => {
        text += chunk
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }))
      answer.on('error', reject)
    })
    asked.on('error', reject)
    asked.end(body)
  })
}
