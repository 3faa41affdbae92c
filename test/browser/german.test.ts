import assert from 'node:assert/strict'
import type { Browser } from 'playwright-core'
import { Editor, openBrowser } from '../helpers/browser.js'
import { catalogueOf, englishFiles, inLanguage } from '../helpers/catalogues.js'
import { eventually, NodeRed } from '../helpers/node-red.js'
import { Panel } from '../helpers/panel.js'
import { runtimes } from '../helpers/runtimes.js'
import { comparisonFlow } from './comparison-flow.js'

const ids = ['workload', 'origin', 'push', 'poll', 'metrics', 'broker', 'feed']
const stopped = {
  id: 'stopped',
  type: 'delivery-workload',
  name: 'stopped',
  z: 'tab',
  x: 200,
  y: 380,
  autostart: false,
  wires: [[]]
}
const german = Object.assign(
  {},
  ...englishFiles('json').map(file => catalogueOf(inLanguage(file, 'de')))
) as Record<string, string>
/** Keys that stand in a text as they are. */
const rawKeys = (text: string) => Object.keys(german).filter(key => key.includes('.') && text.includes(key))

for (const runtime of runtimes)
  describe(`the German editor in ${runtime.name}`, function () {
    this.timeout(90_000)
    let red: NodeRed
    let browser: Browser
    let editor: Editor

    before('start Node-RED with one node of each type and open its editor', async () => {
      red = await NodeRed.start({
        runtime,
        flows: [...comparisonFlow, stopped],
        // statuses are in the language of the runtime
        settings: { lang: 'de' }
      })
      browser = await openBrowser()
      editor = await Editor.open(browser, red, { language: 'de', height: 1500 })
      // the palette is there before the flow
      await editor.page.waitForFunction(`RED.nodes.node('stopped')`)
    })
    after(async () => {
      await browser?.close()
      await red?.close()
    })
    afterEach('close what a failed test left open', async () => {
      while ((await editor.page.locator('.red-ui-tray').count()) > 0) await editor.cancel()
    })

    for (const id of ids)
      it(`shows the dialog of ${id} in German, as wide as it is`, async () => {
        const dialog = await editor.edit(id)
        await editor.unfold(dialog)
        const text = (await dialog.allInnerTexts()).join()
        const type = await editor.evaluate<string>(`RED.nodes.node('${id}').type`)
        const titles = Object.keys(german).filter(key => key.startsWith(`${type}.section.`))
        for (const key of titles.filter(key => !/foreign/.test(key)))
          if (
            !(await dialog.locator('.delivery-fold-title:visible').allInnerTexts()).includes(
              german[key] ?? ''
            )
          )
            assert.ok(type === 'poll-source', `${key} is not shown`)
        assert.deepEqual(rawKeys(text), [])
        assert.deepEqual(await editor.untranslated(dialog), [])
        const cut = await dialog.evaluate(shown => {
          const seen = (query: string) =>
            [...shown.querySelectorAll<HTMLElement>(query)].filter(element => element.offsetHeight > 0)
          const wrapped = seen('.form-row > label, .form-row > span[data-i18n]').filter(
            element => element.getBoundingClientRect().height > 36
          )
          const broken = seen('.form-row:has(> .delivery-number)').filter(row => row.offsetHeight > 45)
          const below = seen('.form-row > [type=checkbox] ~ label').filter(label => {
            const box = label.parentElement?.querySelector('[type=checkbox]') ?? label
            return label.getBoundingClientRect().top > box.getBoundingClientRect().bottom - 4
          })
          const long = seen('select:has(option[data-i18n])').filter(select => {
            const wide = select.offsetWidth
            const style = select.style.width
            select.style.width = 'auto'
            const needed = select.offsetWidth
            select.style.width = style
            return needed > wide
          })
          return [...wrapped, ...broken, ...below, ...long].map(element => element.textContent)
        })
        assert.deepEqual(cut, [])
        await editor.picture(`german-${runtime.name}-${id}`)
        await editor.cancel()
        assert.match(await editor.help(type), /Details[\s\S]*Beispiel[\s\S]*Verweise/)
        const codes = editor.page.locator('.red-ui-sidebar-help-stack :is(dd, li, p) code')
        assert.ok((await codes.count()) > 0)
        const tooLong = await codes.evaluateAll(codes =>
          codes
            .filter(code => {
              const line = code.closest('dd, li, p') ?? code
              return code.getBoundingClientRect().right > line.getBoundingClientRect().right + 1
            })
            .map(code => code.textContent)
        )
        assert.deepEqual(tooLong, [])
      })

    it('says in a German sentence what is wrong, with German numbers', async () => {
      const dialog = await editor.edit('poll')
      await dialog.locator('#node-input-intervalMs').fill('0')
      await editor.done()
      assert.deepEqual(await editor.evaluate(`RED.nodes.node('poll').validationErrors`), [
        'Intervall: eine Zahl von 1 bis 31.536.000.000 angeben. „0“ ist keine.'
      ])
      await editor.evaluate('RED.history.pop()')
    })

    it('shows the panel in German, its numbers with a comma', async () => {
      const panel = await Panel.open(editor)
      await eventually(async () => {
        const told = (await panel.root.locator('.headline').textContent()) ?? ''
        assert.match(told, /(Push|Pull|„.*“) (ist .* früher da|ist zuerst da|erhielt|fragte)|Erste Zahlen/)
      })
      const table = await panel.section('table')
      await eventually(async () =>
        assert.match((await table.allInnerTexts()).join(), /\d,\d+\u00a0(ms|s|kB|%)/)
      )
      assert.equal(await table.locator('h3').textContent(), 'Tabelle')
      assert.deepEqual(rawKeys((await panel.root.allInnerTexts()).join()), [])
      await editor.picture(`german-${runtime.name}-panel`)
      const wide = await panel.root.evaluate(root => root.scrollWidth > root.clientWidth)
      assert.equal(wide, false)
    })

    it('shows statuses in German when the runtime speaks it', () =>
      eventually(async () =>
        assert.equal(await editor.evaluate(`RED.nodes.node('stopped').status?.text`), 'gestoppt')
      ))

    it('prints no error', () => assert.deepEqual(editor.errors, []))
  })
