import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { htmlReport } from '../../lib/metrics/page/page.js'
import { openBrowser } from '../helpers/browser.js'
import { FACTS, HOSTILE, richReport } from '../lib/metrics/rich-report.js'

describe('the report page, opened from a file', function () {
  this.timeout(60_000)
  let folder: string
  let url: string
  let browser: Browser

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'report-page-'))
    const file = join(folder, 'report.html')
    const { report, curves } = richReport(HOSTILE)
    await writeFile(file, htmlReport(report, curves, FACTS))
    url = pathToFileURL(file).href
    browser = await openBrowser()
  })
  after(async () => {
    await browser?.close()
    await rm(folder, { recursive: true, force: true })
  })

  async function withPage<T>(options: BrowserContextOptions, use: (page: Page) => Promise<T>): Promise<T> {
    const context = await browser.newContext({ offline: true, ...options })
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('console', message => complaints.push(message.text()))
    page.on('pageerror', error => complaints.push(error.message))
    page.on('dialog', dialog => complaints.push(dialog.message()))
    page.on('request', request => {
      if (request.url() !== url) complaints.push(request.url())
    })
    await page.goto(url)
    const result = await use(page)
    assert.deepEqual(complaints, [])
    await context.close()
    return result
  }
  const wider = (page: Page): Promise<boolean> =>
    page.evaluate('document.documentElement.scrollWidth > innerWidth')
  const background = (page: Page): Promise<string> =>
    page.evaluate('getComputedStyle(document.body).backgroundColor')

  for (const width of [360, 800, 1600])
    it(`asks for nothing, complains of nothing and fits into ${width} px`, () =>
      withPage({ viewport: { width, height: 900 } }, async page => {
        assert.equal(await wider(page), false)
        // every picture has its place
        const boxes = await page
          .locator('svg')
          .evaluateAll(pictures => pictures.map(picture => picture.getBoundingClientRect().width))
        assert.ok(boxes.length > 5)
        assert.ok(boxes.every(box => box > 150 && box <= width))
      }))

  it('is dark where everything is dark, and light on paper', () =>
    withPage({ colorScheme: 'dark' }, async page => {
      assert.equal(await background(page), 'rgb(25, 26, 28)')
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
      assert.equal(await background(page), 'rgb(255, 255, 255)')
    }))

  it('prints on a few pages, the claims on one of their own', () =>
    withPage({}, async page => {
      const pdf = (await page.pdf({ format: 'A4' })).toString('latin1')
      const pages = pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0
      assert.ok(pages >= 3 && pages <= 8, String(pages))
      await page.emulateMedia({ media: 'print' })
      const breaks = await page.locator('.claims').evaluate(claims => getComputedStyle(claims).breakBefore)
      assert.equal(breaks, 'page')
    }))

  it('shows a hostile name as the text that it is', () =>
    withPage({}, async page => {
      const head = await page.locator('.figures thead th').allTextContents()
      assert.ok(
        head.some(text => text.includes(HOSTILE.trim())),
        head.join('|')
      )
    }))
})
