import type { Flag, FlagCode, SentenceParams } from './report.js'

/** One reason why figures are not conclusive. */
export function flag(
  code: FlagCode,
  message: string,
  spoils: readonly string[],
  remedy: string,
  params: SentenceParams = {}
): Flag {
  return { code, params, message, spoils, remedy }
}

/** A number in the text of a flag: two digits are enough. */
export const figure = (value: number): string =>
  Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(2).replace(/\.0$/, '')
