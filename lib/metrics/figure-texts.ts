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
