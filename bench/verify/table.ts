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

/** Every combination a row: measured, and below it what theory says. */
export function tableOf(all: readonly Combination[]): readonly (readonly string[])[] {
  const head = ['traffic', 'consumer', ...Object.values(FIGURES), 'furthest off', '']
  return [head, ...all.map(rowOf)]
}

function rowOf({ traffic, consumer, compared }: Combination): readonly string[] {
  const cells = KEYS.map(key => {
    const found = compared.find(({ figure }) => figure === key)
    return found === undefined
      ? '–'
      : `${text(found.figure, found.measured)} / ${text(found.figure, found.expected)}`
  })
  const furthest = compared.reduce((far, next) => (partOfBound(next) > partOfBound(far) ? next : far))
  const off = `${FIGURES[furthest.figure]}: ${Math.round(partOfBound(furthest) * 100)} % of the bound`
  return [traffic, consumer, ...cells, off, compared.every(isWithin) ? 'agrees' : 'DIFFERS']
}

const partOfBound = ({ measured, expected, bound }: Compared): number =>
  measured === expected ? 0 : Math.abs(measured - expected) / bound

function text(figure: keyof Expected, value: number): string {
  if (figure.endsWith('Share')) return `${(value * 100).toFixed(1)} %`
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3)
}

/** For people who read a terminal. */
export function plainTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)))
  return rows
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()
    )
    .join('\n')
}

export function markdownTable(rows: readonly (readonly string[])[]): string {
  const [head = [], ...rest] = rows
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rest.map(line)].join('\n')
}
