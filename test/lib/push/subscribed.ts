import { systemClock } from '../../../lib/clock.js'
import type { DeliveryError } from '../../../lib/errors.js'
import type { PushEndpoint } from '../../../lib/push/endpoint.js'
import { startSubscriber } from '../../../lib/push/subscriber.js'
import type {
  Loss,
  Subscriber,
  SubscriberOptions,
  SubscriberState
} from '../../../lib/push/subscriber-options.js'
import { encodeUpdate } from '../../../lib/update/cloudevents.js'
import type { Delivery } from '../../../lib/update/delivery.js'
import type { Exchange } from '../../../lib/update/exchange.js'
import { noFinders } from '../../../lib/update/foreign.js'
import { newEpoch, updateId } from '../../../lib/update/identity.js'
import type { HandedUpdate, Qos } from '../../../lib/update/update.js'
import { seededRandom } from '../../helpers/random.js'

/** A subscriber under test and everything that it said. */
export interface Subscribed {
  readonly subscriber: Subscriber
  readonly deliveries: Delivery[]
  readonly payloads: unknown[]
  readonly exchanges: Exchange[]
  readonly states: SubscriberState[]
  readonly losses: Loss[]
  readonly errors: DeliveryError[]
  /** Resolves once `test` holds; asked again after everything that is said. */
  until(test: () => boolean): Promise<void>
  subscribed(): Promise<void>
}

export function subscribed(
  endpoints: PushEndpoint | SubscriberOptions['endpoints'],
  more: Partial<SubscriberOptions> = {}
): Subscribed {
  const waiting = new Set<() => void>()
  const heard: Omit<Subscribed, 'subscriber' | 'until' | 'subscribed'> = {
    deliveries: [],
    payloads: [],
    exchanges: [],
    states: [],
    losses: [],
    errors: []
  }
  const tell = () => {
    for (const ask of waiting) ask()
  }
  const subscriber = startSubscriber({
    endpoints: typeof endpoints === 'function' ? endpoints : async () => [endpoints],
    clock: systemClock(),
    // no jitter worth waiting for
    random: () => seededRandom(1)() / 10,
    source: { id: 'n1', name: 'phone' },
    topicFilter: 'updates',
    qos: 0,
    session: 'clean',
    clientId: `test-${process.pid}-${Math.random().toString(36).slice(2)}`,
    finders: noFinders,
    server: () => null,
    exchangesWanted: () => true,
    onDelivery(delivery, payload) {
      heard.deliveries.push(delivery)
      heard.payloads.push(payload)
      tell()
    },
    onExchange(exchange) {
      heard.exchanges.push(exchange)
      tell()
    },
    onState(state) {
      heard.states.push(state)
      tell()
    },
    onLoss(loss) {
      heard.losses.push(loss)
      tell()
    },
    onError(error) {
      heard.errors.push(error)
      tell()
    },
    ...more
  })
  const until = (test: () => boolean) =>
    new Promise<void>(resolve => {
      const ask = () => {
        if (!test()) return
        waiting.delete(ask)
        resolve()
      }
      waiting.add(ask)
      ask()
    })
  return {
    ...heard,
    subscriber,
    until,
    subscribed: () => until(() => heard.states.at(-1)?.kind === 'subscribed')
  }
}

/** An origin that numbers its updates; `skip` numbers are never seen by anybody. */
export function numbered(stream = 'updates') {
  const { now } = systemClock()
  const epoch = newEpoch(now(), Math.random)
  let sequence = 0
  return {
    epoch,
    skip: (count: number) => {
      sequence += count
    },
    next(payload: unknown = { n: sequence + 1 }): { topic: string; payload: Buffer; sequence: number } {
      sequence += 1
      const update = {
        stream,
        origin: 'o1',
        id: updateId(epoch, sequence),
        epoch,
        sequence,
        generatedAt: now(),
        dueAt: null,
        speed: null
      }
      return { topic: stream, payload: encodeUpdate(update, payload, null), sequence }
    }
  }
}

/** The next update of an origin, as it is handed to a publisher. */
export function handed(origin: ReturnType<typeof numbered>, qos: Qos, payload?: unknown): HandedUpdate {
  const { topic, payload: body, sequence } = origin.next(payload)
  return { stream: topic, id: '', epoch: origin.epoch, sequence, generatedAt: 0, body, qos, retain: false }
}
