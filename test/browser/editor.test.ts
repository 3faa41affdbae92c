import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { Editor, openBrowser } from '../helpers/browser.js'
import { eventually, type FlowNode, NodeRed } from '../helpers/node-red.js'
import { projectRoot, runtimes } from '../helpers/runtimes.js'

const examplesFolder = join(projectRoot, 'examples', 'flows')
const examples = readdirSync(examplesFolder).map(file => ({
  name: file.replace(/\.json$/, ''),
  nodes: JSON.parse(readFileSync(join(examplesFolder, file), 'utf8')) as FlowNode[]
}))
const { nodes } = (
  JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { 'node-red': { nodes: object } }
)['node-red']
const types = Object.keys(nodes)
const configTypes = ['push-broker', 'poll-feed']
const paletteTypes = types.filter(type => !configTypes.includes(type))
const ours = (node: { type: string }) => types.includes(node.type)

for (const runtime of runtimes)
  describe(`the editor of ${runtime.name}`, function () {
    this.timeout(120_000)
    let red: NodeRed
    let browser: Browser
    let editor: Editor

    before('start Node-RED and open its editor', async () => {
      red = await NodeRed.start({ runtime, flows: [] })
      browser = await openBrowser()
      editor = await Editor.open(browser, red)
    })
    after(async () => {
      await browser?.close()
      await red?.close()
    })

    it('lists our nodes in a category of their own, found by MQTT and HTTP', async () => {
      const category = editor.page.locator('#red-ui-palette-delivery .red-ui-palette-node')
      const listed = await category.evaluateAll(all =>
        all.map(node => node.getAttribute('data-palette-type'))
      )
      assert.deepEqual([...listed].sort(), [...paletteTypes].sort())
      // The search runs when typing has paused, and again when it goes on
      for (const [text, type] of [
        ['mqtt', 'push-source'],
        ['http', 'poll-source'],
        ['delivery-m', 'delivery-metrics']
      ] as const)
        await eventually(async () => assert.ok((await editor.searchPalette(text)).includes(type), text))
      await editor.searchPalette('')
    })

    it('imports every example through the dialog and deploys them together', async () => {
      for (const { name } of examples) await editor.importExample(name)
      const invalid = await editor.evaluate(`{
        const found = []
        const look = node => { if (!node.valid) found.push([node.type, node.name, node.validationErrors]) }
        RED.nodes.eachNode(look)
        RED.nodes.eachConfig(look)
        found
      }`)
      assert.deepEqual(invalid, [])
      await editor.picture(`${runtime.name} imported`)
      await editor.deploy()
      const deployed = (await red.get<FlowNode[]>('/flows')).filter(ours).length
      assert.equal(deployed, examples.flatMap(example => example.nodes).filter(ours).length)
    })

    for (const type of types)
      it(`opens the dialog of ${type}, every text translated, and its help`, async () => {
        const id = await editor.evaluate<string>(`{
          let found
          const look = node => { if (node.type === '${type}') found ??= node.id }
          RED.nodes.eachNode(look)
          RED.nodes.eachConfig(look)
          found
        }`)
        assert.ok(id, `no example has a ${type}`)
        const dialog = await editor.edit(id)
        await editor.picture(`${runtime.name} ${type}`)
        await editor.unfold(dialog)
        await editor.picture(`${runtime.name} ${type} unfolded`)
        assert.deepEqual(await editor.untranslated(dialog), [])
        assert.doesNotMatch(
          (await dialog.textContent()) ?? '',
          new RegExp(`${type}\\.[a-z]+|undefined|\\[object`)
        )
        assert.equal(await dialog.locator('.input-error').count(), 0)
        await editor.cancel()
        const help = await editor.help(type)
        assert.ok(help.length > 200, `help of ${type}: ${help}`)
        assert.doesNotMatch(help, /undefined|\[object|None\b/)
      })

    it('marks a wrong value red and says what was expected', async () => {
      const id = await editor.evaluate<string>(`RED.nodes.filterNodes({ type: 'poll-source' })[0].id`)
      const dialog = await editor.edit(id)
      await editor.unfold(dialog)
      const input = dialog.locator('#node-input-timeoutMs')
      const before = await input.inputValue()
      await input.fill('soon')
      await input.press('Tab')
      await editor.page.locator('#node-input-timeoutMs.input-error').waitFor()
      await input.hover()
      const sentence = editor.page.locator('.red-ui-popover:visible')
      await sentence.waitFor()
      assert.match((await sentence.textContent()) ?? '', /number/i)
      await editor.picture(`${runtime.name} wrong value`)
      const placeholder = '$' + '{TIMEOUT}'
      for (const good of [placeholder, before || '5000']) {
        await input.fill(good)
        await input.press('Tab')
        await editor.page.locator('#node-input-timeoutMs:not(.input-error)').waitFor()
      }
      await editor.cancel()
    })

    it('throws nothing in the page', () => {
      assert.deepEqual(editor.errors, [])
    })
  })
