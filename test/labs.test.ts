import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from './helpers/runtimes.js'

interface FlowEntry {
  readonly type: string
  readonly name?: string
}

describe('docs/labs.md', () => {
  const text = readFileSync(join(projectRoot, 'docs/labs.md'), 'utf8')
  const folder = join(projectRoot, 'examples', 'flows')
  const labs = text.split(/^##+ (?!Two more)/m).slice(1)
  const titleOf = (lab: string) => lab.split('\n')[0] ?? ''
  const exampleOf = (lab: string) => /_Example (\d\d)\b/.exec(lab)?.[1] ?? ''
  const fileOf = (lab: string) => readdirSync(folder).find(file => file.startsWith(`${exampleOf(lab)} - `))

  it('has six labs, numbered', () => {
    assert.deepEqual(
      labs.map(lab => /^\d/.exec(lab)?.[0]).filter(number => number !== undefined),
      ['1', '2', '3', '4', '5', '6']
    )
  })

  it('uses examples that exist', () => {
    for (const lab of labs) assert.ok(fileOf(lab), titleOf(lab))
  })

  it('names node types that the example of the lab has', () => {
    const named = labs.flatMap(lab =>
      [...lab.matchAll(/`((?:delivery|push|poll)-[a-z]+)`/g)].map(([, type]) => ({ lab, type }))
    )
    assert.ok(named.length > 0)
    for (const { lab, type } of named) {
      const flow = JSON.parse(readFileSync(join(folder, fileOf(lab) ?? ''), 'utf8')) as FlowEntry[]
      assert.ok(
        flow.some(entry => entry.type === type),
        `${titleOf(lab)}: ${type}`
      )
    }
  })

  it('names buttons that the example of the lab has', () => {
    const named = labs.flatMap(lab =>
      [...lab.matchAll(/[Pp]ress (?:the button of )?"([^"]+)"/g)].map(([, name]) => ({ lab, name }))
    )
    assert.ok(named.length > 0)
    for (const { lab, name } of named) {
      const flow = JSON.parse(readFileSync(join(folder, fileOf(lab) ?? ''), 'utf8')) as FlowEntry[]
      assert.ok(
        flow.some(entry => entry.name === name),
        `${titleOf(lab)}: ${name}`
      )
    }
  })

  it('has steps, a worksheet with blanks and ranges, and the common wrong answer in each', () => {
    for (const lab of labs) {
      assert.match(lab, /^1\. .*[Gg]uess|^1\. Before you deploy/m, titleOf(lab))
      assert.ok([...lab.matchAll(/^\| .+ \| +\| +\| \S.* \|$/gm)].length >= 5, titleOf(lab))
      assert.match(lab, /\*\*The common wrong answer\*\*/, titleOf(lab))
    }
  })
})
