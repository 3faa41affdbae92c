import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from './helpers/runtimes.js'

const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8')

/** First cells of the rows of the table below a heading. */
function firstCells(markdown: string, heading: string): string[] {
  const section = markdown.split(/^## /m).find(part => part.startsWith(heading)) ?? ''
  return [...section.matchAll(/^\| `([^`]+)` +\|/gm)].map(([, cell]) => cell ?? '')
}

describe('README', () => {
  const readme = read('README.md')

  it('explains every error code, and no other', () => {
    const [, union = ''] = /type DeliveryErrorCode =([\s\S]*?)\n\n/.exec(read('lib/errors.ts')) ?? []
    const codes = [...union.matchAll(/\| '([A-Z0-9_]+)'/g)].map(([, code]) => code ?? '')
    assert.ok(codes.length > 30)
    assert.deepEqual(firstCells(readme, 'Errors').sort(), codes.sort())
  })

  it('lists every node type', () => {
    const { nodes } = (JSON.parse(read('package.json')) as { 'node-red': { nodes: object } })['node-red']
    assert.deepEqual(firstCells(readme, 'Nodes').sort(), Object.keys(nodes).sort())
  })
})
