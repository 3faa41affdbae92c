import type { EpochMs } from '../units.js'

const EPOCH = /^[0-9a-z]{15}$/
const ID = /^([0-9a-z]{15})-(\d{12,})$/
const RANDOM_VALUES = 36 ** 4

/**
 * The epoch of an origin that starts now: µs since 1970 as 11 base-36 digits, then 4 random ones; sorts by start.
 * @param random - uniform in [0, 1)
 */
export function newEpoch(now: EpochMs, random: () => number): string {
  const start = Math.round(now * 1000)
    .toString(36)
    .padStart(11, '0')
  const tail = Math.floor(random() * RANDOM_VALUES)
    .toString(36)
    .padStart(4, '0')
  return start + tail
}

/** Whether `text` has the form of an epoch. */
export const isEpoch = (text: string): boolean => EPOCH.test(text)

/** A sequence number as it travels: 12 digits. */
export const sequenceText = (sequence: number): string => String(sequence).padStart(12, '0')

/** `<epoch>-<sequence, 12 digits>` */
export const updateId = (epoch: string, sequence: number): string => `${epoch}-${sequenceText(sequence)}`

/** Epoch and sequence of an id of our form, else null. */
export function parseUpdateId(id: string): { epoch: string; sequence: number } | null {
  const match = ID.exec(id)
  if (!match) return null
  const [, epoch = '', digits = ''] = match
  return { epoch, sequence: Number(digits) }
}

/** Negative, zero or positive as (epoch, sequence) `a` is older than, equal to or newer than `b`. */
export function compareUpdates(
  a: { readonly epoch: string; readonly sequence: number },
  b: { readonly epoch: string; readonly sequence: number }
): number {
  if (a.epoch !== b.epoch) return a.epoch < b.epoch ? -1 : 1
  return a.sequence - b.sequence
}
