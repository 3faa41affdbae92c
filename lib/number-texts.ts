import type { Bytes, Ms, Share } from './units.js'

/** Numbers for people: three significant digits, units that switch by size, the separators of their language. */
export interface NumberTexts {
  /** `0.624 ms`, `2.5 s`, `4.17 min`. */
  duration(ms: Ms): string
  /** `36.8 %` */
  share(share: Share): string
  /** `310 B`, `12.5 kB` */
  bytes(bytes: Bytes): string
  /** A count, whole: `12,345`. */
  count(count: number): string
  /** A great number where there is little room: `1.2M`. */
  compact(count: number): string
  /** A ratio or rate: `1.58`. */
  ratio(value: number): string
}

const DURATIONS: readonly (readonly [Ms, string, Ms])[] = [
  [1, 'µs', 0.001],
  [1000, 'ms', 1],
  [60_000, 's', 1000],
  [3_600_000, 'min', 60_000],
  [86_400_000, 'h', 3_600_000],
  [Number.POSITIVE_INFINITY, 'd', 86_400_000]
]
const BYTES: readonly (readonly [Bytes, string, Bytes])[] = [
  [1e3, 'B', 1],
  [1e6, 'kB', 1e3],
  [1e9, 'MB', 1e6],
  [Number.POSITIVE_INFINITY, 'GB', 1e9]
]
/** What rounds up to the limit belongs to the next unit: 999.6 ms are 1 s. */
const ROUNDED = 0.9995

/** @param language - a BCP 47 tag; one that the browser does not know means its own */
export function numberTexts(language: string): NumberTexts {
  const supported = isSupported(language) ? language : undefined
  const short = new Intl.NumberFormat(supported, { maximumSignificantDigits: 3 })
  const whole = new Intl.NumberFormat(supported, { maximumFractionDigits: 0 })
  const little = new Intl.NumberFormat(supported, { notation: 'compact', maximumSignificantDigits: 3 })
  const percent = new Intl.NumberFormat(supported, {
    style: 'percent',
    maximumSignificantDigits: 3
  })
  const sized = (value: number, units: readonly (readonly [number, string, number])[]): string => {
    const size = Math.abs(value)
    const [, unit, divisor] = units.find(([limit]) => size < limit * ROUNDED) ?? [0, '', 1]
    return `${short.format(value / divisor)}\u00a0${unit}`
  }
  return {
    duration: ms => (Math.abs(ms) < 0.001 ? `${short.format(0)}\u00a0ms` : sized(ms, DURATIONS)),
    share: share => percent.format(share),
    bytes: bytes => sized(bytes, BYTES),
    count: count => whole.format(count),
    compact: count => little.format(count),
    ratio: value => short.format(value)
  }
}

function isSupported(language: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(language).length > 0
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}
