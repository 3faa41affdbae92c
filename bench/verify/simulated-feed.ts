import type { Clock } from '../../lib/clock.js'
import type { DeliveryError } from '../../lib/errors.js'
import type { HttpCarrier, RawAnswer } from '../../lib/poll/client.js'
import type { Ms } from '../../lib/units.js'
import { encodeUpdate } from '../../lib/update/cloudevents.js'
import { parseUpdateId } from '../../lib/update/identity.js'
import type { Update } from '../../lib/update/update.js'

interface Reply {
  readonly statusCode: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer
}

const PAGE = 100
const NOTHING = Buffer.alloc(0)

/**
 * A feed of one stream as CONTRACT 1 says, without sockets: every request takes `wayMs` there, every answer `wayMs`
 * back, on the clock it is given. What is wrong with a poller shows here as it does at the real feed.
 */
export class SimulatedFeed {
  readonly #clock: Clock
  readonly #wayMs: Ms
  readonly #updates: Update[] = []
  readonly #bodies: Buffer[] = []
  readonly #held = new Set<() => void>()

  constructor(clock: Clock, wayMs: Ms) {
    this.#clock = clock
    this.#wayMs = wayMs
  }

  /** The next update, numbered from 1; whoever waits for it is answered at once. */
  append(update: Update): void {
    this.#updates.push(update)
    this.#bodies.push(encodeUpdate(update, { n: update.sequence }, null))
    for (const answer of [...this.#held]) answer()
  }

  /** The way to it for one poller. */
  carrier(): HttpCarrier {
    let give: (reason: DeliveryError) => void = () => {}
    return {
      awaited: null,
      abort: reason => give(reason),
      close: () => {},
      get: ({ url, headers }) =>
        new Promise<RawAnswer>((resolve, reject) => {
          give = reject
          const startedAt = this.#clock.now()
          const answer = ({ statusCode, headers: own = {}, body = NOTHING }: Reply): void => {
            this.#clock.at(this.#clock.now() + this.#wayMs, () => {
              const endedAt = this.#clock.now()
              resolve({ statusCode, headers: own, body, startedAt, headersAt: endedAt, endedAt })
            })
          }
          this.#clock.at(startedAt + this.#wayMs, () => this.#ask(url, headers, answer))
        })
    }
  }

  #ask(url: URL, headers: Readonly<Record<string, unknown>>, answer: (reply: Reply) => void): void {
    if (url.pathname.startsWith('/latest/')) this.#latest(headers, answer)
    else this.#log(url.searchParams, answer)
  }

  #latest(headers: Readonly<Record<string, unknown>>, answer: (reply: Reply) => void): void {
    const tag = headers['if-none-match']
    const waitMs = Number(/^wait=(\d+)$/.exec(String(headers.prefer))?.[1] ?? 0) * 1000
    const find = (): Reply | null => {
      const update = this.#updates.at(-1)
      if (update === undefined || `"${update.id}"` === tag) return null
      const own = { etag: `"${update.id}"`, 'content-type': 'application/cloudevents+json' }
      return { statusCode: 200, headers: own, body: this.#bodies.at(-1) ?? NOTHING }
    }
    const nothing = (): Reply => ({ statusCode: this.#updates.length > 0 ? 304 : 204 })
    this.#hold(waitMs, find, nothing, answer)
  }

  #log(search: URLSearchParams, answer: (reply: Reply) => void): void {
    const after = parseUpdateId(search.get('lastEventId') ?? '')?.sequence ?? 0
    const page = (bodies: readonly Buffer[]): Reply => ({
      statusCode: 200,
      headers: { 'content-type': 'application/cloudevents-batch+json' },
      body: Buffer.from(`[${bodies.join(',')}]`)
    })
    const find = (): Reply | null => {
      const found = this.#bodies.slice(after, after + PAGE)
      return found.length > 0 ? page(found) : null
    }
    this.#hold(Number(search.get('timeout') ?? 0), find, () => page([]), answer)
  }

  /** Answers with what there is, as soon as there is something, or with nothing when time is up. */
  #hold(waitMs: Ms, find: () => Reply | null, nothing: () => Reply, answer: (reply: Reply) => void): void {
    const found = find()
    if (found !== null || waitMs === 0) {
      answer(found ?? nothing())
      return
    }
    const look = (): void => {
      const now = find()
      if (now !== null) end(now)
    }
    const end = (reply: Reply): void => {
      cancel()
      this.#held.delete(look)
      answer(reply)
    }
    const cancel = this.#clock.at(this.#clock.now() + waitMs, () => end(nothing()))
    this.#held.add(look)
  }
}
