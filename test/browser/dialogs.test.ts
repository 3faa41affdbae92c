import assert from 'node:assert/strict'
import type { Browser, Locator } from 'playwright-core'
import { Editor, openBrowser } from '../helpers/browser.js'
import { NodeRed } from '../helpers/node-red.js'
import { runtimes } from '../helpers/runtimes.js'
import { comparisonFlow } from './comparison-flow.js'

/** One change below a heading of each dialog, and what its summary says of it. */
const changes = [
  { id: 'workload', section: /Start, end/, property: 'limit', value: '50', says: 'stops after 50' },
  { id: 'origin', section: /pushed/, property: 'qos', value: '1', says: 'QoS 1' },
  {
    id: 'push',
    section: /connection breaks/,
    property: 'session',
    value: 'persistent',
    says: 'persistent session'
  },
  { id: 'poll', section: /What to take/, property: 'read', value: 'log', says: 'every update' },
  { id: 'metrics', section: /plan/, property: 'plannedClients', value: '50', says: '50 clients' },
  {
    id: 'broker',
    section: /limits/,
    property: 'maxConnections',
    value: '500',
    says: 'at most 500 clients'
  },
  { id: 'feed', section: /limits/, property: 'history', value: '20', says: '20 updates kept' }
] as const

/** Something wrong in each dialog, and a sentence about it. */
const faults = [
  ['workload', 'rate', 'often', /^Rate: give a number from 0\.000001 to 100,000\. "often" is none\.$/],
  ['origin', 'stream', 'a//b', /^Stream: give a name such as .* "a\/\/b" is none\.$/],
  ['push', 'stream', 'a/#/b', /^Stream: \+ stands alone .* "a\/#\/b" breaks that\.$/],
  ['poll', 'intervalMs', '0', /^Interval: give a number from 1 to 31,536,000,000\. "0" is none\.$/],
  ['metrics', 'targetShare', '95', /^Wanted for: give a number from 0 to 1\. "95" is none\.$/],
  ['broker', 'port', '70000', /^Port: give a whole number from 0 to 65,535\. "70000" is none\.$/],
  ['feed', 'history', '1.5', /^History: give a whole number from 1 to 1,000,000\. "1\.5" is none\.$/]
] as const

for (const runtime of runtimes)
  describe(`the dialogs in ${runtime.name}`, function () {
    this.timeout(90_000)
    let red: NodeRed
    let browser: Browser
    let editor: Editor

    before('start Node-RED with one node of each type and open its editor', async () => {
      red = await NodeRed.start({ runtime, flows: comparisonFlow })
      browser = await openBrowser()
      editor = await Editor.open(browser, red)
    })
    after(async () => {
      await browser?.close()
      await red?.close()
    })
    afterEach('close what a failed test left open', async () => {
      while ((await editor.page.locator('.red-ui-tray').count()) > 0) await editor.cancel()
    })

    const field = (dialog: Locator, property: string) =>
      dialog.locator(`#node-input-${property}, #node-config-input-${property}`)
    const saved = (id: string, property: string) =>
      editor.evaluate<unknown>(`RED.nodes.node('${id}').${property}`)
    const fold = (dialog: Locator, title: RegExp) =>
      dialog.locator('.delivery-fold:visible', {
        has: editor.page.locator('.delivery-fold-title', { hasText: title })
      })
    const fill = async (input: Locator, value: string) => {
      if ((await input.evaluate(element => element.tagName)) === 'SELECT') await input.selectOption(value)
      else {
        await input.fill(value)
        await input.press('Tab')
      }
    }
    const hint = (dialog: Locator, name: string) => dialog.locator(`[data-hint="${name}"]`).textContent()

    for (const { id, section, property, value, says } of changes)
      it(`of ${id}: a section opens by keyboard, and says when folded what is changed in it`, async () => {
        let dialog = await editor.edit(id)
        const part = fold(dialog, section)
        const heading = part.locator('.delivery-fold-head')
        const input = field(dialog, property)
        assert.equal(await heading.getAttribute('aria-expanded'), 'false')
        assert.equal(await input.isVisible(), false)
        assert.equal(await part.locator('.delivery-fold-summary').textContent(), 'nothing changed')
        await heading.press('Enter')
        assert.equal(await heading.getAttribute('aria-expanded'), 'true')
        assert.equal(await input.isVisible(), true)
        await fill(input, value)
        assert.equal(await part.locator('.delivery-fold-summary').textContent(), says)
        await heading.press('Space')
        assert.equal(await input.isVisible(), false)
        await editor.done()
        assert.equal(await saved(id, property), value)
        dialog = await editor.edit(id)
        assert.equal(await field(dialog, property).inputValue(), value)
        assert.equal(await fold(dialog, section).locator('.delivery-fold-summary').textContent(), says)
      })

    for (const [id, property, wrong, sentence] of faults)
      it(`of ${id}: says in a sentence what is wrong with ${property}, and opens where it is`, async () => {
        const before = await saved(id, property)
        let dialog = await editor.edit(id)
        await editor.unfold(dialog)
        await fill(field(dialog, property), wrong)
        await dialog.locator(`[id$="input-${property}"].input-error`).waitFor()
        await editor.done()
        const errors = await saved(id, 'validationErrors')
        assert.equal((errors as string[]).length, 1)
        assert.match((errors as string[])[0] ?? '', sentence)
        dialog = await editor.edit(id)
        const input = field(dialog, property)
        await input.waitFor({ state: 'visible' })
        const heading = dialog.locator('.delivery-fold', { has: input }).locator('.delivery-fold-summary')
        if ((await heading.count()) > 0) assert.equal(await heading.textContent(), 'something to correct')
        await fill(input, String(before ?? ''))
        await editor.done()
        assert.deepEqual(await saved(id, 'validationErrors'), [])
      })

    it('fit into their tray, folded and open, in a wide and in a narrow window', async () => {
      for (const width of [1400, 1000]) {
        await editor.page.setViewportSize({ width, height: 900 })
        for (const { id } of changes) {
          const dialog = await editor.edit(id)
          for (const open of [false, true]) {
            if (open) await editor.unfold(dialog)
            const beyond = await dialog.evaluate(tray => {
              const body = tray.querySelector('.red-ui-tray-body') ?? tray
              const { right } = body.getBoundingClientRect()
              return [...body.querySelectorAll('input, select, button, .delivery-hint, .delivery-server')]
                .filter(element => element instanceof HTMLElement && element.offsetParent !== null)
                .filter(element => element.getBoundingClientRect().right > right + 1)
                .map(element => element.id || element.className)
            })
            assert.deepEqual(beyond, [], `${id} at ${width}, ${open ? 'open' : 'folded'}`)
          }
          await editor.cancel()
        }
      }
      await editor.page.setViewportSize({ width: 1400, height: 900 })
    })

    it('show what the schedule of a poll-source means', async () => {
      const dialog = await editor.edit('poll')
      await field(dialog, 'read').evaluate(select => Object.assign(select, { value: 'latest' }))
      await fill(field(dialog, 'intervalMs'), '5000')
      assert.match(
        (await hint(dialog, 'schedule')) ?? '',
        /every 5\ss: expect about 2\.5\ss of latency on average, 17,300 requests a day\. .*newest/
      )
      await fill(field(dialog, 'trigger'), 'long-poll')
      assert.match(
        (await hint(dialog, 'schedule')) ?? '',
        /30\ss at most: .* at least 2,880 requests .* every 5\ss/
      )
      await fill(field(dialog, 'trigger'), 'adaptive')
      assert.match((await hint(dialog, 'schedule')) ?? '', /500\sms to 30\ss .* 1,440 to 86,400 requests/)
      await fill(field(dialog, 'minIntervalMs'), '90000')
      await dialog.locator('#node-input-minIntervalMs.input-error').waitFor()
      assert.equal(await hint(dialog, 'schedule'), '')
      await fill(field(dialog, 'trigger'), 'input')
      assert.match((await hint(dialog, 'schedule')) ?? '', /when a message comes in/)
      assert.equal(await field(dialog, 'intervalMs').isVisible(), false)
    })

    it('a URL needs no stream of its own, and shows where updates are in the answer', async () => {
      const dialog = await editor.edit('poll')
      assert.equal(await field(dialog, 'stream').inputValue(), 'updates')
      await fill(field(dialog, 'target'), 'url')
      assert.equal(await field(dialog, 'stream').inputValue(), '')
      assert.equal(await field(dialog, 'feed').isVisible(), false)
      await fold(dialog, /Updates in the answer/)
        .locator('.delivery-fold-head')
        .click()
      await dialog.locator('#node-input-items + .red-ui-typedInput-container').waitFor()
      await fill(field(dialog, 'url'), 'ftp://example.org')
      await dialog.locator('#node-input-url.input-error').waitFor()
      await fill(field(dialog, 'url'), '/here')
      await dialog.locator('#node-input-url:not(.input-error)').waitFor()
    })

    it('keep the headers of a poll-source', async () => {
      let dialog = await editor.edit('poll')
      const heading = () => fold(dialog, /headers/).locator('.delivery-fold-head')
      await heading().click()
      await dialog.locator('.red-ui-editableList-addButton').click()
      await dialog.locator('.poll-source-header-name').fill('X-Room')
      await dialog.locator('.red-ui-typedInput-input').last().fill('kitchen')
      assert.match((await heading().textContent()) ?? '', /headers: 1/)
      await editor.done()
      assert.deepEqual(await saved('poll', 'headers'), [
        { name: 'X-Room', value: 'kitchen', valueType: 'str' }
      ])
      dialog = await editor.edit('poll')
      assert.match((await heading().textContent()) ?? '', /headers: 1/)
    })

    it('warn where two settings do not go together', async () => {
      const dialog = await editor.edit('push')
      await editor.unfold(dialog)
      await fill(field(dialog, 'qos'), '0')
      await fill(field(dialog, 'session'), 'persistent')
      assert.match((await hint(dialog, 'session')) ?? '', /choose QoS 1 or 2/)
      await fill(field(dialog, 'qos'), '2')
      assert.match((await hint(dialog, 'session')) ?? '', /keeps what comes while this node is away/)
      assert.match((await hint(dialog, 'lower')) ?? '', /^origin sends with QoS 1/)
    })

    it('of servers say who reaches them, who uses them and where they listen', async () => {
      for (const [id, address, users] of [
        ['broker', /mqtt:\/\/127\.0\.0\.1:\d+/, /"origin" \(House\), "push" \(House\)/],
        ['feed', /http:\/\/127\.0\.0\.1:\d+/, /"origin" \(House\), "poll" \(House\)/]
      ] as const) {
        const dialog = await editor.edit(id)
        const server = dialog.locator('.delivery-server')
        await server.getByText(address).waitFor()
        assert.match((await server.textContent()) ?? '', users)
        assert.match((await server.textContent()) ?? '', /Clients connected now: \d+/)
        assert.match(
          (await hint(dialog, 'reach')) ?? '',
          /only programs on this machine .* in Docker: in this container/
        )
        await fill(field(dialog, 'host'), '0.0.0.0')
        assert.match((await hint(dialog, 'reach')) ?? '', /will not listen: others reach 0\.0\.0\.0/)
        await editor.unfold(dialog)
        await field(dialog, id === 'broker' ? 'username' : 'token').fill('somebody')
        assert.match(
          (await hint(dialog, 'reach')) ?? '',
          /others on the network reach it, and they have to sign in/
        )
        await field(dialog, 'anonymous').check()
        assert.match((await hint(dialog, 'reach')) ?? '', /anybody on the network/)
        await editor.cancel()
      }
    })

    it('work without what they share, as while the package is being installed', async () => {
      await editor.evaluate(`{
        window.getPlugin = RED.plugins.getPlugin
        RED.plugins.getPlugin = id => (id.startsWith('push-pull-') ? undefined : window.getPlugin(id))
      }`)
      for (const { id, property, value } of changes) {
        const dialog = await editor.edit(id)
        assert.equal(await field(dialog, property).isVisible(), true)
        await fill(field(dialog, property), value)
        await editor.done()
        assert.equal(await saved(id, property), value)
      }
      await editor.evaluate('{ RED.plugins.getPlugin = window.getPlugin }')
    })

    it('show hostile names and values as text only', async () => {
      const hostile = '<img src=x onerror="window.hacked=1">'
      await editor.evaluate(`{
        const origin = RED.nodes.node('origin')
        origin.name = ${JSON.stringify(hostile)}
        origin.stream = 'a//' + origin.name
        RED.nodes.workspace('tab').label = origin.name
        RED.editor.validateNode(origin)
      }`)
      const errors = (await saved('origin', 'validationErrors')) as string[]
      assert.match(errors.join(), /^Stream: .*‹img src=x/)
      const dialog = await editor.edit('broker')
      await dialog.locator('.delivery-server').getByText(hostile).waitFor()
      await editor.cancel()
      await editor.edit('origin')
      await editor.page.locator('#node-input-stream.input-error').hover()
      await editor.page.locator('.red-ui-popover:visible').waitFor()
      await editor.evaluate(`{ RED.sidebar.info.show(); undefined }`)
      assert.equal(await editor.evaluate('window.hacked'), undefined)
    })

    it('throw nothing in the page', () => {
      assert.deepEqual(editor.errors, [])
    })
  })
