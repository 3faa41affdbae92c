import type { Clock } from '../../lib/clock.js'
import { DeliveryError } from '../../lib/errors.js'
import type { DeliveryMetrics } from '../../lib/metrics/delivery-metrics.js'
import { readDelivery, readExchange, readFault, readUpdate } from '../../lib/metrics/records.js'
import { type ForeignFacts, type ForeignFinders, findFacts } from '../../lib/update/foreign.js'
import type { Message } from '../shared/define-node.js'

/** Records one message; a promise when one of the node's own properties is an expression. */
export type Recorder = (message: Message) => void | Promise<void>

export interface RecorderOptions {
  readonly metrics: DeliveryMetrics
  readonly clock: Clock
  /** Where id, time and value stand in a message, when a delivery does not say. */
  readonly finders: ForeignFinders
  /** The lane of a message without any record. */
  laneOf(message: Message): unknown
}

/** Whether a message carries a record of ours. */
export const hasRecord = (message: Message): boolean =>
  kinds.some(kind => message[kind] !== undefined && message[kind] !== null)

const kinds = ['delivery', 'exchange', 'fleet', 'fault', 'update'] as const

/**
 * Reads the record of a message, exactly one: delivery, exchange, fleet, fault or update, in this order. A message
 * without one is a delivery of its own when any of the node's properties is set.
 */
export function recorder({ metrics, clock, finders, laneOf }: RecorderOptions): Recorder {
  const foreign = finders.id !== null || finders.time !== null || finders.value !== null
  const withFacts = (message: Message, use: (facts: ForeignFacts) => void): void | Promise<void> => {
    const facts = findFacts(finders, message)
    return facts instanceof Promise ? facts.then(use) : use(facts)
  }
  const delivery = (message: Message): void | Promise<void> => {
    const now = clock.now()
    const record = message.delivery
    if (!foreign || !lacksSomething(record, finders)) {
      metrics.delivery(readDelivery(record, message.topic, now, null))
      return
    }
    return withFacts(message, facts => metrics.delivery(readDelivery(record, message.topic, now, facts)))
  }
  const handMade = (message: Message): void | Promise<void> => {
    const now = clock.now()
    const lane = laneOf(message)
    if (lane === undefined || lane === null || lane === '')
      throw new DeliveryError('RECORD_INVALID', 'Expected a message that names its lane, found none')
    const record = { model: 'push', source: String(lane) }
    return withFacts(message, facts => metrics.delivery(readDelivery(record, message.topic, now, facts)))
  }
  return message => {
    const kind = kinds.find(candidate => message[candidate] !== undefined && message[candidate] !== null)
    switch (kind) {
      case 'delivery':
        return delivery(message)
      case 'exchange':
        return metrics.exchange(readExchange(message.exchange, message.topic, clock.now()))
      case 'fault':
        return metrics.fault(readFault(message.fault, clock.now()))
      case 'update':
        return metrics.update(readUpdate(message.update))
      case 'fleet':
        return undefined
      default:
        return foreign ? handMade(message) : undefined
    }
  }
}

/** Whether a delivery leaves open what one of the node's own properties may tell. */
function lacksSomething(record: unknown, { id, time, value }: ForeignFinders): boolean {
  const known = (record ?? {}) as Readonly<Record<string, unknown>>
  const open = (key: string) => known[key] === undefined || known[key] === null
  return (
    (id !== null && open('id')) || (time !== null && open('generatedAt')) || (value !== null && open('value'))
  )
}
