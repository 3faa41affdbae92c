import { type Combination, type Compared, isWithin } from './comparison.js'
import type { Expected } from './consumers.js'

/** Headings, in the order of the columns. */
const FIGURES: Readonly<Record<keyof Expected, string>> = {
  latencyMeanMs: 'latency, ms',
  latencyDeliveredMs: 'delivered only, ms',
  ageMeanMs: 'age, ms',
  freshShare: 'fresh',
  versionsBehind: 'behind',
  emptyShare: 'empty polls',
  supersededShare: 'superseded',
  requestsPerUpdate: 'requests per update',
  targetShare: 'within 1 s'
}
const KEYS = Object.keys(FIGURES) as (keyof Expected)[]

/** Every combination a row: measured, what theory says, and where chance decides what the very run gives, replayed. */
export function tableOf(all: readonly Combination[]): readonly (readonly string[])[] {
  const head = ['traffic', 'consumer', ...Object.values(FIGURES), 'furthest off', '']
  return [head, ...all.map(rowOf)]
}

function rowOf({ traffic, consumer, compared }: Combination): readonly string[] {
  const cells = KEYS.map(key => {
    const found = compared.find(({ figure }) => figure === key)
    if (found === undefined) return '–'
    const { measured, expected, replayed } = found
    return [measured, expected, ...(replayed === null ? [] : [replayed])]
      .map(value => text(key, value))
      .join(' / ')
  })
  const furthest = compared.reduce((far, next) => (partOfBound(next) > partOfBound(far) ? next : far))
  const off = `${FIGURES[furthest.figure]}: ${Math.round(partOfBound(furthest) * 100)} % of the bound`
  return [traffic, consumer, ...cells, off, compared.every(isWithin) ? 'agrees' : 'DIFFERS']
}

const partOfBound = ({ measured, expected, bound, replayed, replayBound }: Compared): number =>
  Math.max(part(measured, expected, bound), replayed === null ? 0 : part(measured, replayed, replayBound))

const part = (measured: number, expected: number, bound: number): number =>
  measured === expected ? 0 : Math.abs(measured - expected) / bound

function text(figure: keyof Expected, value: number): string {
  if (figure.endsWith('Share')) return `${(value * 100).toFixed(1)} %`
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3)
}

/** For people who read a terminal. */
export function plainTable(rows: readonly (readonly string[])[]): string {
  return padded(rows)
    .map(cells => cells.join('  ').trimEnd())
    .join('\n')
}

export function markdownTable(rows: readonly (readonly string[])[]): string {
  const [head = [], ...rest] = padded(rows)
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(cell => '-'.repeat(cell.length))), ...rest.map(line)].join('\n')
}

/** Every column as wide as its widest cell. */
function padded(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)))
  return rows.map(row => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)))
}
