import type { ConnectionOptions } from 'node:tls'
import type { Clock } from '../clock.js'
import type { EpochMs, Ms } from '../units.js'
import type { ClockOffset } from '../update/exchange.js'
import type { HttpClient, RawAnswer } from './client.js'
import type { Hop } from './redirects.js'
import { type ClockStamps, ServerClock } from './server-clock.js'

/** Requests of one round. */
const ROUND = 8
/** Times between rounds: soon again at first, so that the drift is known early. */
const PAUSES: readonly Ms[] = [2000, 10_000, 30_000]
const PAUSE: Ms = 60_000
/** What was found out longer ago is worth another look before a poll. */
const STALE: Ms = 2 * PAUSE
const PATIENCE: Ms = 1000

export interface ClockWatchOptions {
  readonly clock: Clock
  /** Connections of its own: what asking for the time costs is no cost of the lane. */
  readonly client: HttpClient
}

/**
 * Keeps asking a feed on another host for its clock: rounds of eight requests to `/clock`, some 60 s apart, begun by
 * the polls, so that a source that rests asks nothing. Only one request of the first round, and of one after a long
 * rest, is waited for. A server without `/clock` is asked again with each round.
 */
export class ClockWatch {
  readonly #options: ClockWatchOptions
  readonly #server = new ServerClock()
  #of = ''
  #rounds = 0
  #nextAt: EpochMs = Number.NEGATIVE_INFINITY
  #lastAt: EpochMs = Number.NEGATIVE_INFINITY
  #closed = false

  constructor(options: ClockWatchOptions) {
    this.#options = options
  }

  /** The server's clock minus ours, now; null while nothing is known. */
  get offset(): ClockOffset | null {
    return this.#server.at(this.#options.clock.now())
  }

  /**
   * A poll is about to go out: begins a round if one is due.
   * @param url - of `/clock`
   * @param hopOf - makes the request
   * @returns resolves when the poll may go; null = at once
   */
  follow(url: URL, hopOf: (url: URL) => Hop, tls: ConnectionOptions | undefined): Promise<void> | null {
    if (url.href !== this.#of) {
      this.#of = url.href
      this.#server.forget()
      this.#rounds = 0
      this.#nextAt = this.#lastAt = Number.NEGATIVE_INFINITY
    }
    const now = this.#options.clock.now()
    if (this.#closed || now < this.#nextAt) return null
    this.#nextAt = now + (PAUSES[this.#rounds] ?? PAUSE)
    this.#rounds += 1
    const waits = now - this.#lastAt > STALE
    const hop = hopOf(url)
    const first = this.#ask(hop, tls)
    void this.#round(hop, tls, first, waits)
    return waits ? first.then(() => {}) : null
  }

  /** Ends what is under way; idempotent. */
  close(): void {
    this.#closed = true
    this.#options.client.close()
  }

  /** @param awaited - a poll waits for the first stamps: what they tell holds until the round is whole */
  async #round(
    hop: Hop,
    tls: ConnectionOptions | undefined,
    first: Promise<ClockStamps | null>,
    awaited: boolean
  ): Promise<void> {
    const stamps: ClockStamps[] = []
    const of = this.#of
    for (let next = await first; next !== null; next = await this.#ask(hop, tls)) {
      if (this.#closed || of !== this.#of) return
      stamps.push(next)
      if (stamps.length === 1 && awaited) this.#begin(stamps)
      if (stamps.length === ROUND) break
    }
    if (stamps.length === 0) return
    if (awaited) this.#begin(stamps)
    else this.#server.record(stamps)
    this.#lastAt = this.#options.clock.now()
  }

  /** What was known before is too old, or was only the first part of this. */
  #begin(stamps: readonly ClockStamps[]): void {
    this.#server.forget()
    this.#server.record(stamps)
  }

  /** Null when there is no answer, or none that tells a time: then nothing is known. */
  async #ask(hop: Hop, tls: ConnectionOptions | undefined): Promise<ClockStamps | null> {
    try {
      return stampsOf(await this.#options.client.get(hop, tls, PATIENCE))
    } catch {
      // whatever is wrong with the server, the poll itself will tell
      return null
    }
  }
}

function stampsOf({ statusCode, body, startedAt, endedAt }: RawAnswer): ClockStamps | null {
  if (statusCode !== 200) return null
  const { receivedAt, sentAt } = JSON.parse(body.toString()) as Readonly<Record<string, unknown>>
  if (typeof receivedAt !== 'number' || typeof sentAt !== 'number' || !(sentAt >= receivedAt)) return null
  return { askedAt: startedAt, receivedAt, sentAt, answeredAt: endedAt }
}
