import type { IPublishPacket } from 'mqtt-packet'
import type { EpochMs } from '../units.js'
import { decodeUpdate } from '../update/cloudevents.js'
import type { Delivery } from '../update/delivery.js'
import { type ForeignFacts, type ForeignFinders, findFacts, noFinders } from '../update/foreign.js'
import { parsePayload } from '../update/payload.js'
import type { SubscriberMemory } from './subscriber-memory.js'

/** One message as it came, and what is known about it. */
export interface Arrived {
  readonly packet: IPublishPacket
  readonly receivedAt: EpochMs
  readonly payload: unknown
  readonly subject: string | null
  /** The id, time and value that it carries. */
  readonly facts: ForeignFacts
}

/**
 * Reads one message: our envelope, or a foreign payload in which the finders look.
 * Answers at once unless a finder is asynchronous.
 * @throws DeliveryError `EXPRESSION_INVALID` (or rejects with it)
 */
export function readMessage(
  packet: IPublishPacket,
  receivedAt: EpochMs,
  finders: ForeignFinders
): Arrived | Promise<Arrived> {
  const parsed = parsePayload(bodyOf(packet))
  const ours = decodeUpdate(parsed)
  if (ours) {
    const { id, epoch, sequence, generatedAt, subject, data } = ours
    const value = finders.value
    const facts = {
      id,
      epoch,
      sequence,
      generatedAt,
      timeZoneMissing: false,
      resolutionMs: null,
      value: null
    }
    if (!value) return { packet, receivedAt, payload: data, subject, facts }
    return withFacts(findFacts({ ...noFinders, value }, data), found => ({
      packet,
      receivedAt,
      payload: data,
      subject,
      facts: { ...facts, value: found.value }
    }))
  }
  return withFacts(findFacts(finders, parsed), facts => ({
    packet,
    receivedAt,
    payload: parsed,
    subject: null,
    facts
  }))
}

function withFacts(
  facts: ForeignFacts | Promise<ForeignFacts>,
  make: (facts: ForeignFacts) => Arrived
): Arrived | Promise<Arrived> {
  return facts instanceof Promise ? facts.then(make) : make(facts)
}

/** The same message when a finder failed on it: nothing is known, nothing is withheld. */
export async function readWithoutFinders(packet: IPublishPacket, receivedAt: EpochMs): Promise<Arrived> {
  return readMessage(packet, receivedAt, noFinders)
}

export const bodyOf = ({ payload }: IPublishPacket): Buffer =>
  typeof payload === 'string' ? Buffer.from(payload) : payload

/** How an arrival stands to those before it. */
export interface Judged {
  readonly duplicate: boolean
  readonly outOfOrder: boolean
  /** Updates proven missing by this one. */
  readonly missed: number
  /** It was counted as missed before. */
  readonly filled: boolean
}

/** Compares an arrival with what the memory holds, and remembers it. */
export function judge(memory: SubscriberMemory, { packet, facts }: Arrived, since: EpochMs): Judged {
  const { id, epoch, sequence } = facts
  if (epoch !== null && sequence !== null)
    return memory.sequences.record(packet.topic, epoch, sequence, since)
  const held =
    id === null
      ? // without an id only the retained message can be known again: equal readings are new readings
        memory.payloads.recordBody(packet.topic, bodyOf(packet)) && packet.retain
      : memory.payloads.recordId(packet.topic, id)
  return { duplicate: held, outOfOrder: false, missed: 0, filled: false }
}

export interface Source {
  /** Node id. */
  readonly id: string
  readonly name: string
}

export function deliveryOf(
  { packet, receivedAt, subject, facts }: Arrived,
  { duplicate }: Judged,
  source: Source,
  since: EpochMs
): Delivery {
  const { id, epoch, sequence, generatedAt, value, timeZoneMissing } = facts
  return {
    model: 'push',
    source: source.id,
    sourceName: source.name,
    stream: packet.topic,
    read: 'push',
    exchangeId: null,
    id,
    epoch,
    sequence,
    generatedAt,
    receivedAt,
    latencyMs: generatedAt === null ? null : receivedAt - generatedAt,
    value,
    subject,
    retained: packet.retain,
    catchUp: generatedAt !== null && generatedAt < since,
    duplicate,
    ...(timeZoneMissing ? { timeZoneMissing } : {}),
    since
  }
}
