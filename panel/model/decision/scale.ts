import type { Share } from '../../../lib/units.js'

/** Values along a slider: positions are shares of its way, 0 at its beginning, 1 at its end. */
export interface Scale {
  /** Nearest position of a value, also of one that lies beyond the ends. */
  toPosition(value: number): Share
  /** A round value. */
  toValue(position: Share): number
}

const DIGITS = 2

/** Equal steps of the logarithm. @param whole - for what is counted */
export function logScale(from: number, to: number, whole = false): Scale {
  const [least, most] = [Math.min(from, to), Math.max(from, to)]
  return {
    toPosition: value => within(Math.log(Math.max(value, Number.MIN_VALUE) / from) / Math.log(to / from)),
    toValue(position) {
      const value = round(from * (to / from) ** within(position))
      return Math.min(most, Math.max(least, whole ? Math.round(value) : value))
    }
  }
}

/** A share of which what is missing to the whole is on a logarithm: 50 %, 90 %, 99 %, 99.9 % are as far apart as they feel. */
export function shareScale(min: Share, max: Share): Scale {
  const missing = logScale(1 - min, 1 - max)
  return {
    toPosition: share => missing.toPosition(1 - share),
    // 1 − 0.05 is 0.95, and not a little less
    toValue: position => Number((1 - missing.toValue(position)).toFixed(6))
  }
}

const within = (position: number): Share => Math.min(1, Math.max(0, position))

const round = (value: number): number => Number(value.toPrecision(DIGITS))
