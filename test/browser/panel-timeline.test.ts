import assert from 'node:assert/strict'
import type { Browser, Locator } from 'playwright-core'
import type { TimelineLayout } from '../../panel/model/timeline/layout.js'
import { timelineLayout } from '../../panel/model/timeline/layout.js'
import { type TimeScale, timeScale, xOf } from '../../panel/model/timeline/scale.js'
import { Editor, openBrowser } from '../helpers/browser.js'
import { eventually, NodeRed } from '../helpers/node-red.js'
import { Panel } from '../helpers/panel.js'
import { runtimes } from '../helpers/runtimes.js'
import { KnownFigures, START } from './known-figures.js'

const PUSHED = { model: 'push', source: 'pushed-node', sourceName: 'pushed' } as const
/** A name that must stay text. */
const POLLED = {
  model: 'pull',
  source: 'polled-node',
  sourceName: '<img src=x onerror=alert(1)>polled'
} as const

/** Five updates, pushed in 5 ms and polled every 2 s; the second one is replaced by the third before a poll comes. */
function known(): KnownFigures {
  const figures = new KnownFigures()
  const push = (sequence: number, generated: number) => {
    figures.update(sequence, generated)
    figures.delivery(PUSHED, sequence, generated, generated + 5)
  }
  const poll = (ended: number, sequence: number, generated: number) => {
    figures.delivery(POLLED, sequence, generated, ended)
    figures.poll(POLLED, ended, 'updated', 200, 1)
  }
  push(1, 1000)
  poll(2000, 1, 1000)
  push(2, 3000)
  push(3, 3400)
  poll(4000, 3, 3400)
  push(4, 5990)
  figures.poll(POLLED, 6000, 'not-modified', 304, 0)
  poll(7990, 4, 5990)
  push(5, 8100)
  poll(10_000, 5, 8100)
  figures.poll(POLLED, 11_000, 'error', 500, 0)
  return figures
}

for (const runtime of runtimes)
  describe(`the timeline in ${runtime.name}`, function () {
    this.timeout(120_000)
    let red: NodeRed
    let browser: Browser
    let editor: Editor
    let panel: Panel
    let stage: Locator
    let scale: TimeScale
    let layout: TimelineLayout

    const tip = () => stage.locator('.tip p').allTextContents()
    /** Where an instant is, and the height of a lane's band from 0 (top) to 1. */
    const place = (ms: number, lane: number, down: number) => {
      const band = layout.groups[0]?.bands[lane] ?? assert.fail()
      return { x: xOf(scale, START + ms), y: band.top + (band.bottom - band.top) * down }
    }
    const hover = (position: { x: number; y: number }) => stage.hover({ position })
    /** What is painted there: red, green, blue. */
    const pixel = ({ x, y }: { x: number; y: number }, canvas = '.moved canvas') =>
      stage
        .locator(canvas)
        .first()
        .evaluate(
          (element, at) => {
            const { getContext } = element as unknown as {
              getContext(kind: '2d'): { getImageData(...area: number[]): { data: Uint8ClampedArray } }
            }
            return [...getContext.call(element, '2d').getImageData(at.x, at.y, 1, 1).data]
          },
          { x: Math.round(x), y: Math.round(y) }
        )

    before('open the panel on known figures, in the whole window, and freeze it', async () => {
      red = await NodeRed.start({ runtime, flows: [] })
      browser = await openBrowser()
      editor = await Editor.open(browser, red)
      await known().serve(editor.page)
      panel = await Panel.open(editor)
      stage = panel.root.locator('.timeline .stage')
      await stage.locator('.lane-name').nth(1).waitFor()
      await panel.button('expand').click()
      // the last of the known instants, the poll that failed at 11 s, has come into the picture
      await eventually(async () =>
        assert.ok(Number(await stage.getAttribute('data-edge')) > START + 11_500, 'the edge')
      )
      await panel.button('freeze').click()
      await eventually(async () => assert.equal(await panel.button('freeze').textContent(), 'Go on'))
      const { width = 0 } = (await stage.boundingBox()) ?? {}
      const edge = Number(await stage.getAttribute('data-edge'))
      scale = timeScale(edge, 30_000, width)
      layout = timelineLayout([{ stream: 'updates' }, { stream: 'updates' }], true)
    })
    after(async () => {
      await browser?.close()
      await red?.close()
    })

    it('names its lanes in plain text, the pushed one first as the report does', async () => {
      assert.deepEqual(await stage.locator('.lane-name').allTextContents(), [
        PUSHED.sourceName,
        POLLED.sourceName
      ])
      assert.equal(await panel.root.locator('img').count(), 0)
    })

    it('paints lines, ticks and marks where the instants are', async () => {
      const paint = async (position: { x: number; y: number }) => (await pixel(position))[3] ?? 0
      const tick = { x: xOf(scale, START + 5990), y: (layout.groups[0]?.bottom ?? 0) - 4 }
      assert.ok((await paint(tick)) > 100, 'the tick of update 4')
      // half the way down the line from 5.99 s to 7.99 s
      assert.ok((await paint(place(6990, 1, 0.5))) > 100, 'the line of update 4')
      assert.equal(await paint(place(6990, 1, 0.2)), 0, 'nothing above it')
      assert.ok((await paint(place(5992.5, 0, 0.5))) > 100, 'the push of update 4')
      assert.equal(await paint(place(6990, 0, 0.5)), 0, 'nothing long after it')
      const [full, hollow, failed] = [
        await pixel(place(4000, 1, 1)),
        await pixel(place(6000, 1, 1)),
        await pixel(place(11_000, 1, 1))
      ]
      assert.deepEqual(hollow, [255, 255, 255, 255], 'a hollow mark')
      assert.notDeepEqual(full, hollow)
      assert.ok((failed[0] ?? 0) > 150 && (failed[1] ?? 0) < 80, `a red mark, found ${failed}`)
    })

    it('names the update under the pointer, and what became of it in each lane', async () => {
      await hover(place(6990, 1, 0.5))
      const [title, generated, push, pull] = await tip()
      assert.equal(title, 'Update 4 of updates')
      assert.match(generated ?? '', /^generated at \d\d:00:05\.990$/)
      assert.equal(push, 'pushed: arrived after 5\u00a0ms')
      assert.equal(pull, `${POLLED.sourceName}: arrived after 2\u00a0s`)
    })

    it('says of a superseded update that it was never seen', async () => {
      // it ends at 3.4 s, 40 % of the way from 3 s to the poll at 4 s
      await hover(place(3300, 1, 0.3))
      const [title, , push, pull] = await tip()
      assert.equal(title, 'Update 2 of updates')
      assert.equal(push, 'pushed: arrived after 5\u00a0ms')
      assert.equal(pull, `${POLLED.sourceName}: never seen: a newer update replaced it first`)
    })

    it('tells about a tick of the origin, and about polls', async () => {
      await hover({ x: xOf(scale, START + 8100), y: (layout.groups[0]?.bottom ?? 0) - 4 })
      assert.equal((await tip())[0], 'Update 5 of updates')
      await hover(place(6000, 1, 1))
      const [title, outcome, when] = await tip()
      assert.equal(title, `Poll of ${POLLED.sourceName}`)
      assert.equal(outcome, 'nothing new, HTTP 304')
      assert.match(when ?? '', /^at \d\d:00:06\.000, took 10\u00a0ms$/)
      await hover(place(11_000, 1, 1))
      assert.equal((await tip())[1], 'failed, HTTP 500')
    })

    it('shows nothing where nothing is', async () => {
      await hover(place(9000, 0, 0.5))
      assert.ok(await stage.locator('.tip').isHidden())
    })

    it('goes along by keyboard and says aloud where it is', async () => {
      await stage.focus()
      const press = (key: string) => editor.page.keyboard.press(key)
      const spoken = panel.root.locator('.timeline [aria-live]')
      await press('ArrowLeft')
      assert.match(
        (await spoken.textContent()) ?? '',
        /^Update 5 of updates\. .*pushed: arrived after 5\u00a0ms/
      )
      await press('ArrowLeft')
      await press('ArrowLeft')
      await press('ArrowLeft')
      assert.equal((await tip())[0], 'Update 2 of updates')
      // the pull lane never got it: the nearest one there
      await press('ArrowDown')
      assert.match((await tip())[0] ?? '', /^Update [13] of updates$/)
      await press('End')
      assert.equal((await tip())[0], 'Update 5 of updates')
      await press('Home')
      assert.equal((await tip())[0], 'Update 1 of updates')
      await press('Escape')
      assert.ok(await stage.locator('.tip').isHidden())
      assert.equal(await panel.button('expand').textContent(), 'Back')
    })

    it('is told in a sentence to those who cannot see it', async () => {
      assert.equal(
        await panel.root.locator('#timeline-summary').textContent(),
        'Last 30\u00a0s: 5 updates; pushed: all 5 arrived, median 5\u00a0ms; ' +
          `${POLLED.sourceName}: 4 arrived, median 1\u00a0s, 1 replaced before it was seen, ` +
          'asked 6 times, 1 poll came back empty, 1 poll failed.'
      )
      assert.equal(await stage.getAttribute('aria-describedby'), 'timeline-summary timeline-keys')
    })

    it('explains the marks, those that are there, until the reader folds them away', async () => {
      const key = panel.root.locator('.timeline .key')
      assert.equal(await key.locator('li').count(), 6)
      await key.locator('summary').click()
      await eventually(async () => assert.ok(await key.locator('ul').isHidden()))
      assert.equal(await editor.evaluate(`localStorage.getItem('push-vs-pull-timeline-key-folded')`), '1')
    })

    it('opens a lane’s node by its name or one of its lines', async () => {
      await editor.evaluate(`RED.view.reveal = id => (window.revealed = id)`)
      await stage.locator('.lane-name').first().click()
      assert.equal(await editor.evaluate('window.revealed'), PUSHED.source)
      await panel.button('expand').click()
      await stage.click({ position: place(6990, 1, 0.5) })
      assert.equal(await editor.evaluate('window.revealed'), POLLED.source)
    })

    it('keeps everything inside a sidebar of 180 px', async () => {
      await editor.evaluate(`document.querySelector('.push-vs-pull').style.width = '180px'`)
      await eventually(async () => assert.ok(((await stage.boundingBox())?.width ?? 999) < 180))
      const { width = 0 } = (await stage.boundingBox()) ?? {}
      scale = timeScale(scale.edge, 30_000, width)
      layout = timelineLayout([{ stream: 'updates' }, { stream: 'updates' }], false)
      await hover(place(7000, 1, 0.5))
      const box = (await stage.locator('.tip').boundingBox()) ?? assert.fail()
      const around = (await stage.boundingBox()) ?? assert.fail()
      assert.ok(box.x >= around.x - 1 && box.x + box.width <= around.x + around.width + 1)
      assert.equal((await tip())[0], 'Update 4 of updates')
      const beyond = await editor.evaluate(`(() => {
        const stage = document.querySelector('.home').shadowRoot.querySelector('.stage')
        const { right } = stage.getBoundingClientRect()
        return [...stage.querySelectorAll(':scope > *, .labels *')]
          .filter(element => element.getBoundingClientRect().right > right + 1)
          .map(element => element.className)
      })()`)
      assert.deepEqual(beyond, [])
    })

    it('stands still for those who want less movement, else moves on evenly through its drawings', async () => {
      const moved = stage.locator('.moved')
      const animations = () =>
        moved.evaluate(
          element => (element as unknown as { getAnimations(): unknown[] }).getAnimations().length
        )
      await panel.button('freeze').click()
      await eventually(async () => assert.ok(Number(await stage.getAttribute('data-edge')) > scale.edge))
      assert.equal(await animations(), 0)
      await editor.page.emulateMedia({ reducedMotion: 'no-preference' })
      await eventually(async () => assert.equal(await animations(), 1))
      const jump = await editor.evaluate<number>(`new Promise(resolve => {
        const root = document.querySelector('.home').shadowRoot
        const stage = root.querySelector('.stage')
        const moved = root.querySelector('.moved')
        const edges = new Set()
        const places = []
        const look = time => {
          const edge = Number(stage.dataset.edge)
          const shift = new DOMMatrix(getComputedStyle(moved).transform).e
          edges.add(edge)
          places.push((edge - time) * stage.clientWidth / 30000 - shift)
          if (edges.size < 5) requestAnimationFrame(look)
          else resolve(Math.max(...places) - Math.min(...places))
        }
        requestAnimationFrame(look)
      })`)
      // it goes by whole pixels
      assert.ok(jump < 1.5, `the picture jumps by ${jump} px`)
    })

    it('leaves no error in the console', () => {
      assert.deepEqual(editor.errors, [])
    })
  })
