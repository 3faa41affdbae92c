import { EventEmitter, once } from 'node:events'
import { type Clock, systemClock } from '../../../lib/clock.js'
import type { DeliveryError } from '../../../lib/errors.js'
import type { Cursors } from '../../../lib/poll/cursor.js'
import type { ItemFinders } from '../../../lib/poll/items.js'
import type { AnswerFacts, Batch } from '../../../lib/poll/poll-run.js'
import { Poller } from '../../../lib/poll/poller.js'
import type { PollerOptions, PollState } from '../../../lib/poll/poller-options.js'
import type { Reading, Start } from '../../../lib/poll/reading.js'
import type { Authentication } from '../../../lib/poll/request-headers.js'
import { urlReading } from '../../../lib/poll/url-reading.js'
import type { Delivery } from '../../../lib/update/delivery.js'
import type { Exchange } from '../../../lib/update/exchange.js'
import { noFinders } from '../../../lib/update/foreign.js'
import { seededRandom } from '../../helpers/random.js'

export interface Received {
  readonly delivery: Delivery
  readonly payload: unknown
  readonly request: string | undefined
}

/** A poller with everything that came out of it. */
export interface Lab {
  readonly poller: Poller<string>
  readonly received: Received[]
  readonly batches: Batch[]
  readonly exchanges: Exchange[]
  readonly states: PollState[]
  readonly errors: { readonly error: DeliveryError; readonly answer: AnswerFacts | null }[]
  /** What came out, in order. */
  readonly order: string[]
  /** Resolves with the next exchange of a request. */
  nextExchange(): Promise<Exchange>
  outcomes(): string[]
}

export type LabOptions = Partial<PollerOptions<string>> & {
  readonly url: string
  readonly authentication?: Authentication
  readonly tls?: object
  readonly finders?: Partial<ItemFinders>
  readonly start?: Start
  readonly every?: boolean
  readonly reading?: Reading
  readonly cursors?: Cursors
  readonly clock?: Clock
}

/** On demand unless a trigger is given. */
export function openLab(options: LabOptions): Lab {
  const events = new EventEmitter()
  const lab = {
    received: [] as Received[],
    batches: [] as Batch[],
    exchanges: [] as Exchange[],
    states: [] as PollState[],
    errors: [] as { error: DeliveryError; answer: AnswerFacts | null }[],
    order: [] as string[],
    nextExchange: async () => (await once(events, 'exchange'))[0] as Exchange,
    outcomes: () => lab.exchanges.filter(({ kind }) => kind === 'poll').map(({ outcome }) => outcome)
  }
  const {
    url,
    authentication = { type: 'none' },
    tls,
    finders,
    start = 'newest',
    every = false,
    ...rest
  } = options
  const poller = new Poller<string>({
    clock: systemClock(),
    random: seededRandom(1),
    source: 'n1',
    sourceName: 'poll',
    stream: 'updates',
    reading: urlReading({
      finders: { items: null, ...noFinders, ...finders },
      responseType: 'auto',
      start,
      every
    }),
    read: 'latest',
    trigger: 'input',
    intervalMs: 1000,
    minIntervalMs: 1000,
    maxIntervalMs: 60_000,
    waitMs: 30_000,
    timeoutMs: 5000,
    jitter: 0,
    maxBodyBytes: 10_485_760,
    keepAlive: true,
    accept: '*/*',
    sameClock: false,
    cursors: {},
    proxy: () => null,
    target: () => ({ url: new URL(url), resource: url, tls, authentication }),
    headers: () => ({}),
    server: () => null,
    onBatch: (batch, request) => {
      lab.batches.push(batch)
      for (const { delivery, payload } of batch.updates) lab.received.push({ delivery, payload, request })
      lab.order.push(...batch.updates.map(() => 'delivery'))
    },
    exchangesWanted: () => true,
    onExchange: exchange => {
      lab.exchanges.push(exchange)
      lab.order.push(exchange.outcome)
      if (exchange.kind === 'poll') events.emit('exchange', exchange)
    },
    onCursors: () => {},
    onState: state => lab.states.push(state),
    onError: (error, answer) => lab.errors.push({ error, answer }),
    ...rest
  })
  return Object.assign(lab, { poller })
}
