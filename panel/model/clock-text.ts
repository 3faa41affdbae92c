import type { EpochMs } from '../../lib/units.js'

const two = (number: number): string => String(number).padStart(2, '0')

/** An instant on the reader's own clock, to the millisecond: `14:03:07.250`. */
export function clockText(instant: EpochMs): string {
  const date = new Date(instant)
  const seconds = `${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`
  return `${two(date.getHours())}:${two(date.getMinutes())}:${seconds}`
}
