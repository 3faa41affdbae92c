import type { Clock } from '../../lib/clock.js'
import type { EpochMs, Ms } from '../../lib/units.js'
import type { Delivery } from '../../lib/update/delivery.js'
import type { Exchange, SourceReport } from '../../lib/update/exchange.js'
import type { Message } from './define-node.js'

/** `msg.parts` of one of several updates that came in one poll. */
export interface Parts {
  readonly id: string
  readonly index: number
  readonly count: number
  readonly type: 'array'
}

/** What else goes on a source's message. */
export interface MessageExtras {
  /** The message that asked for this poll: its other properties are kept. Copied, never changed. */
  readonly passedOn?: Message | undefined
  /** Fields that a Node-RED user knows from the core nodes: `qos`, `retain`; `statusCode`, `headers`, `responseUrl`. */
  readonly conventional?: Readonly<Record<string, unknown>> | undefined
  readonly parts?: Parts | undefined
}

export interface SourceMessagesOptions {
  readonly clock: Clock
  /** `RED.util.cloneMessage` */
  readonly clone: (message: Message) => Message
  /** Costs and settings as they are now. */
  report(): SourceReport
}

/** Makes the messages of a source exactly as CONTRACT 4 has them. */
export interface SourceMessages {
  /** Output 1. On the first, and then at most once a second, `msg.delivery` also carries `totals`, `settings`, `server`. */
  delivery(delivery: Delivery, payload: unknown, extras?: MessageExtras): Message
  /** Output 2. */
  exchange(exchange: Exchange, extras?: MessageExtras): Message
}

const REPORT_EVERY: Ms = 1000
/** Records of other nodes, which a passed-on message must not carry past this one. */
const records = ['update', 'delivery', 'exchange', 'fleet'] as const

export function sourceMessages({ clock, clone, report }: SourceMessagesOptions): SourceMessages {
  let reportedAt: EpochMs = Number.NEGATIVE_INFINITY
  const costs = (): SourceReport | undefined => {
    const now = clock.now()
    if (now - reportedAt < REPORT_EVERY) return undefined
    reportedAt = now
    const { totals, settings, server } = report()
    return { totals, settings, server }
  }
  const base = (passedOn: Message | undefined): Record<string, unknown> => {
    if (!passedOn) return {}
    const message: Record<string, unknown> = clone(passedOn)
    for (const key of records) delete message[key]
    return message
  }
  return {
    delivery: (delivery, payload, { passedOn, conventional, parts } = {}) =>
      ({
        ...base(passedOn),
        ...conventional,
        ...(parts ? { parts } : {}),
        topic: delivery.stream,
        payload,
        delivery: { ...delivery, ...costs() }
      }) as Message,
    exchange: (exchange, { passedOn, conventional } = {}) =>
      ({
        ...base(passedOn),
        ...conventional,
        topic: exchange.stream,
        payload: exchange.outcome,
        exchange
      }) as Message
  }
}
