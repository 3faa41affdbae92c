import type { Bytes, Ms, Share } from './units.js'

/** A duration for people, at most 7 characters up to a year: `0.6 ms`, `2.5 s`, `4.2 min`, `1.3 h`, `2 d`. */
export function durationText(ms: Ms): string {
  const size = Math.abs(ms)
  if (size < 9.95) return `${ms.toFixed(1)} ms`
  if (size < 999.5) return `${ms.toFixed(0)} ms`
  if (size < 59_950) return `${digits(ms / 1000)} s`
  if (size < 3_597_000) return `${digits(ms / 60_000)} min`
  if (size < 86_220_000) return `${digits(ms / 3_600_000)} h`
  return `${digits(ms / 86_400_000)} d`
}

/** A duration to three digits, where one that is rounded up would promise too much: `1.05 s`, `901 ms`, `5.26 min`. */
export function preciseDurationText(ms: Ms): string {
  const size = Math.abs(ms)
  if (size < 999.5) return `${three(ms)} ms`
  if (size < 59_950) return `${three(ms / 1000)} s`
  if (size < 3_597_000) return `${three(ms / 60_000)} min`
  if (size < 86_220_000) return `${three(ms / 3_600_000)} h`
  return `${three(ms / 86_400_000)} d`
}

/** A share as percent: `36.8 %`. */
export const shareText = (share: Share): string => `${(share * 100).toFixed(1)} %`

/** A number of bytes: `310 B`, `12 kB`, `3.1 MB`, `4.2 GB`. */
export function bytesText(bytes: Bytes): string {
  if (bytes < 999.5) return `${bytes.toFixed(0)} B`
  if (bytes < 999_500) return `${digits(bytes / 1000)} kB`
  if (bytes < 999_500_000) return `${digits(bytes / 1e6)} MB`
  return `${digits(bytes / 1e9)} GB`
}

/** A count or a ratio: whole, or with two digits after the point. */
export const numberText = (value: number): string =>
  Number.isInteger(value) ? String(value) : value.toFixed(2)

const digits = (value: number): string => (Math.abs(value) < 9.95 ? value.toFixed(1) : value.toFixed(0))

const three = (value: number): string =>
  Math.abs(value) < 999.5 ? String(Number(value.toPrecision(3))) : value.toFixed(0)
