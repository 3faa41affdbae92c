import assert from 'node:assert/strict'
import type { Browser, Locator } from 'playwright-core'
import { startAedes } from '../helpers/aedes-broker.js'
import { Editor, openBrowser } from '../helpers/browser.js'
import { type FlowNode, NodeRed } from '../helpers/node-red.js'
import { runtimes } from '../helpers/runtimes.js'
import { json, openSite, type Site } from '../lib/poll/site.js'

const flows: readonly FlowNode[] = [
  { id: 'tab', type: 'tab', label: 'Tab' },
  {
    ...{ id: 'asks', type: 'poll-source', z: 'tab', target: 'url', url: 'http://127.0.0.1:1', stream: '' },
    ...{ trigger: 'input', wires: [[], []], x: 100, y: 40 }
  },
  { id: 'broker', type: 'push-broker' }
]
const hostile = '<img src=x onerror="window.hacked=1">$t(common.label.ok)__count__'

for (const runtime of runtimes)
  describe(`Try it in the editor of ${runtime.name}`, function () {
    this.timeout(120_000)
    let red: NodeRed
    let browser: Browser
    let editor: Editor
    const closers: (() => Promise<void>)[] = []
    let home: Site
    before('start Node-RED and open its editor', async () => {
      home = await openSite(json({ id: 1 }))
      red = await NodeRed.start({ runtime, flows: [] })
      const signed = { ...flows[1], id: 'signs', url: home.url, authType: 'basic' }
      const credentials = { username: 'ann', password: 'saved-word' }
      await red.deploy([...flows, { ...signed, credentials } as never])
      browser = await openBrowser()
      editor = await Editor.open(browser, red)
    })
    after(async () => {
      await browser?.close()
      await red?.close()
      await home?.close()
    })
    afterEach(async () => {
      await editor.cancel()
      for (const close of closers.splice(0)) await close()
    })
    const site = async (...given: Parameters<typeof openSite>): Promise<Site> => {
      const opened = await openSite(...given)
      closers.push(() => opened.close())
      return opened
    }
    /** Presses the button and waits for what it finds. */
    const attempt = async (dialog: Locator): Promise<Locator> => {
      await dialog.locator('.delivery-try button').click()
      const result = dialog.locator('.delivery-try-result[aria-busy="false"]:not(:empty)')
      await result.waitFor()
      assert.doesNotMatch(
        (await dialog.locator('.delivery-try').textContent()) ?? '',
        /tries\.\w|undefined|NaN/
      )
      return result
    }
    const fact = async (result: Locator, label: string): Promise<string> =>
      ((await result.locator(`dt:text-is("${label}") + dd`).first().textContent()) ?? '').trim()
    const headline = async (result: Locator) =>
      ((await result.locator('.delivery-try-headline').textContent()) ?? '').trim()

    it('polls an address that nobody has saved', async () => {
      const list = { quakes: [{ key: 'q1', at: '2026-01-03T04:05:06Z' }, { key: 'q2' }] }
      const { url, requests } = await site(json(list, { etag: '"v7"', 'cache-control': 'max-age=60' }))
      const dialog = await editor.edit('asks')
      await dialog.locator('#node-input-url').fill(`${url}/list`)
      await editor.evaluate(`{
        $('#node-input-items').typedInput('value', 'quakes')
        $('#node-input-idProperty').typedInput('value', 'key')
        $('#node-input-timeProperty').typedInput('value', 'at')
        $('#poll-source-headers').editableList('addItem', { name: 'X-Mine', value: 'typed', valueType: 'str' })
      }`)
      const result = await attempt(dialog)
      assert.match(await headline(result), /^It works: 2 updates, [\d.]+ m?s$/)
      assert.equal(await fact(result, 'Status'), '200')
      assert.equal(await fact(result, 'Type'), 'application/json')
      assert.equal(await fact(result, 'Items found'), '2')
      assert.equal(await fact(result, 'First: id'), 'q1')
      assert.match(await fact(result, 'First: made'), /2026/)
      await result.locator('summary').click()
      assert.equal(await fact(result, 'etag'), '"v7"')
      assert.deepEqual(
        [requests.length, requests[0]?.url, requests[0]?.headers['x-mine']],
        [1, '/list', 'typed']
      )
      await editor.picture(`${runtime.name} try poll`)
      // and nothing of it was saved
      const saved = (await red.get<FlowNode[]>('/flows')).find(({ id }) => id === 'asks')
      assert.equal(saved?.url, 'http://127.0.0.1:1')
    })

    it('shows what a hostile server says as text', async () => {
      const { url } = await site((request, response) => {
        if (request.url === '/broken') response.writeHead(200, { 'content-type': 'text/html' }).end(hostile)
        else
          json(
            { list: [{ id: hostile }] },
            { etag: `"${hostile}"`, 'content-type': `application/json; x="${hostile}"` }
          )(request, response)
      })
      const dialog = await editor.edit('asks')
      await dialog.locator('#node-input-url').fill(url)
      await editor.evaluate(`{
        $('#node-input-items').typedInput('value', 'list')
        $('#node-input-idProperty').typedInput('value', 'id')
      }`)
      let result = await attempt(dialog)
      assert.equal(await fact(result, 'First: id'), hostile)
      assert.ok((await fact(result, 'Type')).includes(hostile))
      await result.locator('summary').click()
      assert.equal(await fact(result, 'etag'), `"${hostile}"`)
      await editor.picture(`${runtime.name} try hostile`)
      assert.equal(await result.locator('img').count(), 0)
      await dialog.locator('#node-input-url').fill(`${url}/broken`)
      result = await attempt(dialog)
      assert.match(
        await headline(result),
        /^BODY_INVALID Expected JSON, found \(text\/html\) markup: <img src=x/
      )
      await editor.picture(`${runtime.name} try error`)
      assert.equal(await result.locator('img').count(), 0)
      assert.equal(await editor.evaluate('window.hacked'), undefined)
    })

    it('the button stops what takes long, and so does leaving the dialog', async () => {
      const slow = await site(() => {})
      const dialog = await editor.edit('asks')
      await dialog.locator('#node-input-url').fill(slow.url)
      const button = dialog.locator('.delivery-try button')
      for (const stop of [() => button.click(), () => editor.cancel()]) {
        const count = slow.requests.length + 1
        await button.click()
        await slow.asked(count)
        assert.equal((await button.textContent())?.trim(), 'Stop')
        const dropped = new Promise(resolve => slow.requests[count - 1]?.socket.once('close', resolve))
        await stop()
        await dropped
      }
      await editor.edit('asks')
    })

    it('a saved password goes to its own address; for another one it is typed again', async () => {
      const other = await site(json({ id: 2 }))
      const basic = (password: string) => `Basic ${Buffer.from(`ann:${password}`).toString('base64')}`
      const dialog = await editor.edit('signs')
      assert.match(await headline(await attempt(dialog)), /^It works: 1 update,/)
      assert.equal(home.requests.at(-1)?.headers.authorization, basic('saved-word'))
      await dialog.locator('#node-input-url').fill(other.url)
      const refused = await attempt(dialog)
      assert.match(await headline(refused), /^CREDENTIALS_AGAIN /)
      assert.doesNotMatch((await refused.textContent()) ?? '', /saved-word/)
      assert.equal(other.requests.length, 0)
      await editor.evaluate(`$('#node-input-password').val('typed-word').trigger('change')`)
      assert.match(await headline(await attempt(dialog)), /^It works: 1 update,/)
      assert.equal(other.requests[0]?.headers.authorization, basic('typed-word'))
    })

    it('connects to a broker that nobody has saved, and takes a topic filter', async () => {
      const server = await startAedes()
      closers.push(() => server.close())
      await new Promise<void>((resolve, reject) =>
        server.broker.publish(
          {
            cmd: 'publish',
            topic: `house/${hostile}`,
            payload: 'x'.repeat(40),
            qos: 0,
            retain: true,
            dup: false
          },
          error => (error ? reject(error) : resolve())
        )
      )
      const dialog = await editor.edit('broker')
      await dialog.locator('#node-config-input-mode').selectOption('external')
      await dialog.locator('#node-config-input-url').fill(server.url)
      await dialog.locator('.delivery-try input[type=text]').fill('house/#')
      const result = await attempt(dialog)
      assert.match(await headline(result), /^It works: connected and subscribed, \d/)
      assert.equal(await fact(result, 'Asked'), server.url)
      assert.equal(await fact(result, 'Subscription'), 'house/#: granted')
      assert.equal(await fact(result, 'Retained'), `house/${hostile}, 40 B`)
      assert.equal(await result.locator('img').count(), 0)
      await editor.picture(`${runtime.name} try broker`)
    })

    it('says whether an embedded broker could listen', async () => {
      const dialog = await editor.edit('broker')
      let result = await attempt(dialog)
      assert.equal(await headline(result), 'It could listen')
      assert.equal(await fact(result, 'MQTT'), 'any free port')
      assert.equal(await fact(result, 'Reach'), 'only programs on this machine')
      await editor.picture(`${runtime.name} try embedded`)
      await dialog.locator('#node-config-input-host').fill('0.0.0.0')
      result = await attempt(dialog)
      assert.match(await headline(result), /^CREDENTIALS_REQUIRED /)
    })

    it('cannot be pressed by those who may not, and says why', async () => {
      await editor.evaluate(`{
        window.hasPermission = RED.user.hasPermission
        RED.user.hasPermission = permission => permission !== 'delivery.write'
      }`)
      const dialog = await editor.edit('asks')
      await editor.evaluate('RED.user.hasPermission = window.hasPermission')
      assert.equal(await dialog.locator('.delivery-try button').isDisabled(), true)
      assert.match((await dialog.locator('.delivery-try').textContent()) ?? '', /permission delivery\.write/)
    })

    it('throws nothing in the page', async () => {
      await editor.edit('asks')
      assert.deepEqual(editor.errors, [])
    })
  })
