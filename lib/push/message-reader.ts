import type { IPublishPacket } from 'mqtt-packet'
import type { Clock } from '../clock.js'
import { asDeliveryError, type DeliveryError } from '../errors.js'
import type { EpochMs, Ms } from '../units.js'
import type { ForeignFinders } from '../update/foreign.js'
import { type Arrived, readMessage, readWithoutFinders } from './arrival.js'

export interface MessageReaderOptions {
  readonly clock: Clock
  readonly finders: ForeignFinders
  /** `EXPRESSION_INVALID`, at most once a second. */
  onError(error: DeliveryError): void
}

/** Reads one message and hands it to `then`. */
export type MessageReader = (
  packet: IPublishPacket,
  receivedAt: EpochMs,
  then: (arrived: Arrived) => void
) => void

/** Expressions that fail on every message are reported at most this often. */
const REPORT_EVERY: Ms = 1000

/**
 * Reads messages in order, although one may have to wait for its finders: at once where nobody waits.
 * A message on which a finder fails is read without them.
 */
export function messageReader({ clock, finders, onError }: MessageReaderOptions): MessageReader {
  let reportedAt = Number.NEGATIVE_INFINITY
  /** Until the last message whose finders are looking has been handed on. */
  let looking: Promise<void> | null = null

  return (packet, receivedAt, then) => {
    const withoutFinders = (error: unknown) => {
      if (clock.now() - reportedAt >= REPORT_EVERY) {
        reportedAt = clock.now()
        onError(asDeliveryError(error, 'EXPRESSION_INVALID'))
      }
      return readWithoutFinders(packet, receivedAt)
    }
    const enqueue = (read: () => Arrived | Promise<Arrived>) => {
      const mine: Promise<void> = (looking ?? Promise.resolve())
        .then(read)
        .catch(withoutFinders)
        .then(then)
        .catch(error => onError(asDeliveryError(error, 'RECORD_INVALID')))
        .finally(() => {
          if (looking === mine) looking = null
        })
      looking = mine
    }
    if (looking !== null) return enqueue(() => readMessage(packet, receivedAt, finders))
    let read: Arrived | Promise<Arrived>
    try {
      read = readMessage(packet, receivedAt, finders)
    } catch (error) {
      return enqueue(() => withoutFinders(error))
    }
    if (read instanceof Promise) {
      const found = read
      enqueue(() => found)
    } else then(read)
  }
}
