import { type Cell, csvText } from '../../../lib/metrics/csv-text.js'
import type { FigureUnit } from '../../../lib/metrics/figures.js'
import type { TableRow } from './rows.js'

/** Units of the raw numbers; counts and ratios have none. */
const UNITS: Readonly<Record<FigureUnit, string>> = {
  ms: 'ms',
  micros: 'µs',
  share: '0–1',
  bytes: 'B',
  count: '',
  ratio: ''
}

/**
 * The shown table as CSV: a column a lane, a row a figure, raw numbers, the unit beside the figure's name.
 * @param heads - what stands above the columns, the first above the figures
 */
export function tableCsv(
  heads: readonly string[],
  rows: readonly TableRow[],
  titleOf: (row: TableRow) => string
): string {
  const body = rows.map((row): readonly Cell[] => {
    const unit = UNITS[row.figure.unit]
    const title = titleOf(row)
    return [unit === '' ? title : `${title} (${unit})`, ...row.cells.map(({ value }) => value)]
  })
  return csvText([heads, ...body])
}
