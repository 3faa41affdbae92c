import assert from 'node:assert/strict'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium, type Locator, type Page } from 'playwright-core'
import type { NodeRed } from './node-red.js'
import { packageName } from './packed.js'

function executable(command: string): string {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, command)
    try {
      accessSync(path, constants.X_OK)
      return path
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error
    }
  }
  throw new Error(`expected ${command} on the PATH, found none: scripts/test-setup.js installs it`)
}

/** Debian's headless Chromium. Close it. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: executable('chromium-headless-shell'), args: ['--no-sandbox'] })

export interface EditorOptions {
  readonly width?: number
  readonly height?: number
  readonly dark?: boolean
  /** The language that a user has chosen, `de`; otherwise that of the browser, English. */
  readonly language?: string
  /** Of settings.js: where the editor lies. @default '/' */
  readonly adminRoot?: string
  /** Logs in first, as a Node-RED with adminAuth demands. */
  readonly user?: { readonly name: string; readonly password: string }
}

/** Node-RED's editor in a page of its own, driven as a user drives it. */
export class Editor {
  readonly page: Page
  /** Errors that the page threw or printed. */
  readonly errors: string[] = []

  private constructor(page: Page) {
    this.page = page
    page.on('pageerror', error => {
      const text = error.stack ?? error.message
      // Node-RED 5 shows its tips now and then in a sidebar that is not there
      if (!/reading 'html'\)\s+at \w+ \(\S+\/red\/red\.min\.js\S+\)$/.test(text)) this.errors.push(text)
    })
    page.on('console', message => {
      // The palette's catalogue lies on the Internet
      if (message.type() === 'error' && !/catalogue|ERR_|Failed to load resource/.test(message.text()))
        this.errors.push(message.text())
    })
  }

  static async open(browser: Browser, red: NodeRed, options: EditorOptions = {}): Promise<Editor> {
    const { width = 1400, height = 900, dark = false, language, adminRoot = '/', user } = options
    const page = await browser.newPage({
      viewport: { width, height },
      colorScheme: dark ? 'dark' : 'light',
      reducedMotion: 'reduce'
    })
    page.setDefaultTimeout(30_000)
    if (language !== undefined)
      await page.addInitScript(`localStorage.setItem('editor-language', '${language}')`)
    const editor = new Editor(page)
    await page.goto(`${red.origin}${adminRoot}`, { waitUntil: 'domcontentloaded' })
    if (user !== undefined) {
      await page.locator('#node-dialog-login-username').fill(user.name)
      await page.locator('#node-dialog-login-password').fill(user.password)
      await page.locator('#node-dialog-login-password').press('Enter')
    }
    await page.locator('#red-ui-loading-progress').waitFor({ state: 'hidden' })
    await page.locator('.red-ui-palette-node[data-palette-type="inject"]').waitFor()
    // All that the theme menu of Node-RED 5 does; 4.1 has no dark theme
    if (dark) await editor.evaluate(`document.documentElement.classList.add('nr-theme-dark')`)
    return editor
  }

  close(): Promise<void> {
    return this.page.close()
  }

  /** Types into the palette's search; returns the types that stay visible. Empty shows all again. */
  async searchPalette(text: string): Promise<string[]> {
    const box = this.page.locator('#red-ui-palette-search input')
    const shown = this.page.locator('.red-ui-palette-node:visible')
    const filtered = this.page.locator('.red-ui-palette-node[data-palette-type="inject"][data-filter]')
    // the filter runs when typing has paused: that of an earlier search has to be gone first
    await box.fill('')
    await box.press('Backspace')
    await filtered.waitFor({ state: 'detached' })
    if (text === '') return []
    await box.pressSequentially(text)
    await filtered.waitFor({ state: 'attached' })
    return shown.evaluateAll(nodes => nodes.map(node => node.getAttribute('data-palette-type') ?? ''))
  }

  /** Imports an example of our package by Menu → Import → Examples. `name` as listed, without `.json`. */
  async importExample(name: string): Promise<void> {
    await this.evaluate(`RED.actions.invoke('core:show-examples-import-dialog')`)
    const dialog = this.page.locator('.ui-dialog:has(#red-ui-clipboard-dialog)')
    const entries = (label: string | RegExp) =>
      dialog.locator('.red-ui-treeList-label:visible', { hasText: label })
    await entries(packageName).click()
    // The root of the tree is called so, too: the folder is the one below the package
    await entries(/^flows$/)
      .nth(1)
      .click()
    await entries(name).click()
    await dialog.locator('#red-ui-clipboard-dialog-ok').click()
    await dialog.waitFor({ state: 'hidden' })
  }

  /** Presses Deploy; resolves when the editor says that it is done. */
  async deploy(): Promise<void> {
    const answered = this.page.waitForResponse(
      response => response.url().endsWith('/flows') && response.request().method() === 'POST'
    )
    await this.page.locator('#red-ui-header-button-deploy').click()
    const status = (await answered).status()
    assert.ok(status === 200 || status === 204, `Deploy answered ${status}`)
    await this.page.waitForFunction('!RED.nodes.dirty()')
  }

  /** Runs JavaScript in the page, where the editor's `RED` is. */
  evaluate<T>(script: string): Promise<T> {
    return this.page.evaluate(script) as Promise<T>
  }

  /** Opens the edit dialog of a node, as a double click does, and returns it. */
  async edit(id: string): Promise<Locator> {
    await this.evaluate(`{
      const node = RED.nodes.node('${id}')
      if (node._def.category === 'config') RED.editor.editConfig('', node.type, node.id)
      else RED.editor.edit(node)
    }`)
    const tray = this.page.locator('.red-ui-tray').last()
    await tray.locator('[id^="node-input-"]:visible, [id^="node-config-input-"]:visible').first().waitFor()
    await tray.evaluate(element => Promise.all(element.getAnimations().map(animation => animation.finished)))
    return tray
  }

  /** Opens every folded section of a dialog that is there with the present settings. */
  async unfold(dialog: Locator): Promise<void> {
    const closed = dialog.locator('.delivery-fold-head[aria-expanded="false"]:visible')
    while ((await closed.count()) > 0) await closed.first().click()
  }

  /** Leaves the topmost dialog without saving. */
  cancel(): Promise<void> {
    return this.#leave('#node-dialog-cancel, #node-config-dialog-cancel')
  }

  /** Leaves the topmost dialog by Done, or Update. */
  done(): Promise<void> {
    return this.#leave('#node-dialog-ok, #node-config-dialog-ok')
  }

  async #leave(button: string): Promise<void> {
    const trays = this.page.locator('.red-ui-tray')
    const before = await trays.count()
    await trays.last().locator(button).first().click()
    await this.page.waitForFunction(
      (count: number) => document.querySelectorAll('.red-ui-tray').length < count,
      before
    )
  }

  /** Keys of the message catalogue that nobody translated, in a dialog: text and attributes. */
  untranslated(dialog: Locator): Promise<string[]> {
    return dialog.locator('[data-i18n]').evaluateAll(elements =>
      elements.flatMap(element =>
        (element.getAttribute('data-i18n') ?? '').split(';').filter(part => {
          const [, attribute, key = ''] = /^(?:\[([^\]]+)\])?(.*)$/.exec(part) ?? []
          const shown =
            attribute === undefined ||
            attribute === 'html' ||
            attribute === 'append' ||
            attribute === 'prepend'
          const text = shown ? element.textContent : element.getAttribute(attribute)
          return (text ?? '').trim() === key || text === null || text === ''
        })
      )
    )
  }

  /** The help text of a type, as the Help sidebar shows it. */
  async help(type: string): Promise<string> {
    await this.evaluate(`RED.sidebar.help.show('${type}')`)
    const help = this.page
      .locator('.red-ui-sidebar-help-stack .red-ui-help, .red-ui-sidebar-help-stack .red-ui-panel')
      .last()
    await help.waitFor()
    return ((await help.textContent()) ?? '').trim()
  }

  /** A picture for people, when SCREENSHOTS names a folder. */
  async picture(name: string): Promise<void> {
    const folder = process.env.SCREENSHOTS
    if (folder) await this.page.screenshot({ path: join(folder, `${name}.png`) })
  }
}
