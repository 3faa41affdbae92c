import type { Locator, Page } from 'playwright-core'
import type { Editor } from './browser.js'

/** The sidebar "push vs pull" in an editor, driven as a user drives it. */
export class Panel {
  readonly page: Page
  /** Inside the panel's shadow root. */
  readonly root: Locator
  readonly #editor: Editor

  private constructor(editor: Editor) {
    this.#editor = editor
    this.page = editor.page
    this.root = editor.page.locator('.home .panel')
  }

  /** Shows it by its action; resolves when it has heard of its metrics nodes. */
  static async open(editor: Editor, id?: string): Promise<Panel> {
    const panel = new Panel(editor)
    // plugins come after the palette
    await editor.page.waitForFunction(`RED.actions.get('push-pull:show-panel') !== undefined`)
    const asked = editor.page.waitForResponse(response => /delivery\/metrics(\?|$)/.test(response.url()))
    await editor.evaluate(`RED.actions.invoke('push-pull:show-panel', ${JSON.stringify(id)})`)
    await asked
    await panel.root.waitFor()
    return panel
  }

  /** Its requests for figures within `ms`. */
  async requestsWithin(ms: number): Promise<readonly string[]> {
    const seen: string[] = []
    const note = (request: { url(): string }) => {
      if (request.url().includes('/delivery/')) seen.push(request.url())
    }
    this.page.on('request', note)
    await this.page.waitForTimeout(ms)
    this.page.off('request', note)
    return seen
  }

  button(name: string): Locator {
    return this.root.locator(`.toolbar button.${name}`)
  }

  /** Scrolls to a section; resolves when it is loaded, which some are when they are first seen. */
  async section(name: string): Promise<Locator> {
    const section = this.root.locator(`.section.${name}`)
    await section.scrollIntoViewIfNeeded()
    await section.locator('.later').waitFor({ state: 'detached' })
    return section
  }

  /** Leaves it for another tab of the sidebar. */
  async leave(): Promise<void> {
    await this.#editor.evaluate(`RED.sidebar.show('info')`)
    await this.root.waitFor({ state: 'hidden' })
  }
}
