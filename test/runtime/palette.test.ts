import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { NodeRed } from '../helpers/node-red.js'
import { packageName } from '../helpers/packed.js'
import { projectRoot, runtimes } from '../helpers/runtimes.js'

interface NodeSet {
  readonly module: string
  readonly name: string
  readonly types: readonly string[]
  readonly enabled: boolean
  readonly err?: string
}

const manifest = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'))
const types = Object.keys(manifest['node-red'].nodes)

for (const runtime of runtimes)
  describe(`the packed tarball in ${runtime.name}`, function () {
    this.timeout(60_000)
    let red: NodeRed
    before('start', async () => {
      red = await NodeRed.start({ runtime })
    })
    after(() => red?.close())

    it('loads every node type, each one a set that can be disabled', async () => {
      const sets = (await red.get<NodeSet[]>('/nodes')).filter(set => set.module === packageName)
      assert.deepEqual(
        sets.filter(set => !set.enabled || set.err),
        []
      )
      assert.deepEqual(sets.map(set => set.name).sort(), [...types].sort())
      for (const set of sets) assert.deepEqual(set.types, [set.name])
    })

    it('offers the icons of all nodes', async () => {
      const icons = (await red.get<Record<string, string[]>>('/icons'))[packageName] ?? []
      for (const icon of readdirSync(join(projectRoot, 'icons'))) assert.ok(icons.includes(icon), icon)
    })

    it('offers every example, and each one is the file that we ship', async () => {
      const files = readdirSync(join(projectRoot, 'examples', 'flows'))
      const path = `/library/examples/flows/${packageName}/flows`
      const listed = await red.get<(string | { fn: string })[]>(path)
      const names = listed.map(entry => (typeof entry === 'string' ? entry : entry.fn))
      assert.deepEqual(
        names.map(name => name.replace(/\.json$/, '')).sort(),
        files.map(file => file.replace(/\.json$/, '')).sort()
      )
      for (const name of names)
        assert.deepEqual(
          await red.get(`${path}/${encodeURIComponent(name)}`),
          JSON.parse(
            readFileSync(
              join(projectRoot, 'examples', 'flows', `${name.replace(/\.json$/, '')}.json`),
              'utf8'
            )
          )
        )
    })

    it('serves dialogs, texts and help in the language that is asked for', async () => {
      const html = await (await red.request('/nodes', { headers: { accept: 'text/html' } })).text()
      const texts = await red.get<Record<string, object>>('/nodes/messages?lng=en-US')
      for (const type of types) {
        assert.ok(html.includes(`registerType('${type}'`), type)
        assert.ok(html.includes(`data-help-name="${type}"`), `help of ${type}`)
        assert.ok(texts[`${packageName}/${type}`], `texts of ${type}`)
      }
    })
  })
