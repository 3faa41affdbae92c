// npm run bench [-- word…]: every bench whose file name contains one of the words, then one table.
import { fork } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Row } from './helpers/bench.js'

const folder = fileURLToPath(new URL('.', import.meta.url))
const words = process.argv.slice(2)
const files = readdirSync(folder)
  .filter(file => file.endsWith('.js') && file !== 'run.js')
  .filter(file => words.length === 0 || words.some(word => file.includes(word)))

function runOne(file: string): Promise<readonly Row[]> {
  return new Promise((resolve, reject) => {
    const child = fork(join(folder, 'helpers', 'run-one.js'), [join(folder, file)])
    let rows: readonly Row[] | undefined
    child.on('message', (message: { name?: string; rows?: readonly Row[] }) => {
      if (message.name !== undefined) console.log(`… ${message.name}`)
      rows = message.rows ?? rows
    })
    child.on('error', reject)
    child.on('close', code =>
      rows !== undefined && code === 0 ? resolve(rows) : reject(new Error(`${file} ended with code ${code}`))
    )
  })
}

const figure = (value: number | null): string =>
  value === null
    ? '–'
    : Math.abs(value) >= 1000
      ? Math.round(value).toLocaleString('en')
      : value.toPrecision(3)

const table: string[][] = [['', 'ours', 'theirs', 'unit', 'ratio', 'goal', '']]
let failed = 0
for (const file of files) {
  try {
    for (const row of await runOne(file)) {
      const { what, ours, theirs, unit, ratio, goal, ok } = row
      table.push([
        what,
        figure(ours),
        figure(theirs),
        unit,
        figure(ratio),
        goal,
        goal === '' ? '' : ok ? 'met' : 'MISSED'
      ])
      if (!ok) failed++
    }
  } catch (error) {
    table.push([file, '–', '–', '', '–', '', `FAILED: ${error instanceof Error ? error.message : error}`])
    failed++
  }
}

const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map(row => (row[column] ?? '').length)))
console.log(`\nNode ${process.version}, ${cpus().length} cores; medians of at least three runs\n`)
for (const row of table)
  console.log(
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)
      )
      .join('  ')
      .trimEnd()
  )
process.exitCode = failed === 0 ? 0 : 1
