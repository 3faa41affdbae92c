import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { figures } from '../lib/metrics/figures.js'
import { projectRoot } from './helpers/runtimes.js'
import { richReport } from './lib/metrics/rich-report.js'

const DISTRIBUTIONS = ['latencyMs', 'latencyDeliveredMs', 'behindFirstMs']
/** Null as a whole in some lanes. */
const WHERE_KNOWN = ['server', ...DISTRIBUTIONS]
/** Told in one row: what is in them has a page of its own, or is no figure. */
const WHOLE = ['flags', 'previous', 'fleet', 'histogram', 'mean', 'p50', 'p99']

/** Paths of all leaves; intervals and lists of flags are one leaf, of a list of outages the first is taken. */
function leavesOf(value: unknown, path: string): string[] {
  const name = path.split('.').at(-1) ?? ''
  if (WHOLE.includes(name)) return [path]
  if (Array.isArray(value)) return value.length > 0 ? leavesOf(value[0], path) : [path]
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([key, part]) => leavesOf(part, path === '' ? key : `${path}.${key}`))
}

describe('docs/reading-the-numbers.md', () => {
  const text = readFileSync(join(projectRoot, 'docs/reading-the-numbers.md'), 'utf8')
  const rows = [...text.matchAll(/^\| `([^`]+)` +\| (.*) \|$/gm)]
  const named = rows.map(([, name]) => name ?? '')
  const isTold = (path: string): boolean => {
    const distribution = DISTRIBUTIONS.find(name => path.startsWith(`${name}.`))
    return distribution === undefined
      ? named.includes(path)
      : named.includes(distribution) && named.includes(path.slice(distribution.length + 1))
  }
  const leaves = [...new Set(richReport().report.lanes.flatMap(lane => leavesOf(lane, '')))]

  it('tells every figure of the tables', () => {
    assert.deepEqual(
      figures.map(({ key }) => key).filter(key => !isTold(key)),
      []
    )
  })

  it('tells every leaf of a lane in the report', () => {
    assert.ok(leaves.length > 80, `${leaves.length}`)
    assert.deepEqual(
      leaves.filter(path => !isTold(path) && !WHERE_KNOWN.includes(path)),
      []
    )
  })

  it('tells nothing that is not there, and nothing twice', () => {
    const known = new Set([...leaves, ...DISTRIBUTIONS])
    for (const path of leaves)
      for (const name of DISTRIBUTIONS)
        if (path.startsWith(`${name}.`)) known.add(path.slice(name.length + 1))
    assert.deepEqual(
      named.filter((name, index) => !known.has(name) || named.indexOf(name) !== index),
      []
    )
  })

  it('defines each in words', () => {
    for (const [, name, row = ''] of rows) assert.ok((row.split(' | ')[0] ?? '').trim().length > 5, name)
  })
})
