import type { NumberTexts } from '../number-texts.js'
import type { FigureUnit } from './figures.js'

/** The value of a figure with its unit, for people. */
export function valueText(unit: FigureUnit, value: number, numbers: NumberTexts): string {
  switch (unit) {
    case 'ms':
      return numbers.duration(value)
    case 'micros':
      return numbers.duration(value / 1000)
    case 'share':
      return numbers.share(value)
    case 'bytes':
      return numbers.bytes(value)
    case 'count':
      return numbers.count(value)
    case 'ratio':
      return numbers.ratio(value)
  }
}

/** How names end that say the unit of their value. */
const ENDINGS: readonly (readonly [RegExp, FigureUnit])[] = [
  [/(^ms|Ms)(PerDay)?$/, 'ms'],
  [/(^micros|Micros)$/, 'micros'],
  [/(^share|Share)$/, 'share'],
  [/(^bytes|Bytes)(PerDay)?$/, 'bytes']
]

/** The unit that the name of a value ends with, as in `pushMs` or `emptyShare`; null for a plain number. */
export const unitOfName = (name: string): FigureUnit | null =>
  ENDINGS.find(([ending]) => ending.test(name))?.[1] ?? null

/** A number of a sentence as its name says; a plain one as a count when it is whole, else as a ratio. */
export const namedText = (name: string, value: number, numbers: NumberTexts): string =>
  valueText(unitOfName(name) ?? (Number.isInteger(value) ? 'count' : 'ratio'), value, numbers)
