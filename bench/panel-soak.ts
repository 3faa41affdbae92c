import { setTimeout } from 'node:timers/promises'
import type { CDPSession } from 'playwright-core'
import { Editor, openBrowser } from '../test/helpers/browser.js'
import { NodeRed } from '../test/helpers/node-red.js'
import { Panel } from '../test/helpers/panel.js'
import { absoluteRow, type Bench, median } from './helpers/bench.js'
import { lanesFlow, METRICS } from './helpers/panel-page.js'

/** Half an hour shows what the issue of memory asks; SOAK_MINUTES shortens it for a first look. */
const MINUTES = Number(process.env.SOAK_MINUTES ?? 5)
const SAMPLES = 10
const MEBIBYTE = 2 ** 20

async function heapBytes(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  return usedSize
}

/** Memory of the page and of Node-RED's thread while two lanes bring 200 updates a second: second half against first. */
const bench: Bench = {
  name: `the panel's memory over ${MINUTES} minutes`,
  async run() {
    const red = await NodeRed.start({ flows: lanesFlow(2, 200) })
    const browser = await openBrowser()
    try {
      const editor = await Editor.open(browser, red)
      await Panel.open(editor, METRICS)
      const session = await editor.page.context().newCDPSession(editor.page)
      // the past that the panel keeps fills up first
      await setTimeout(Math.min(150_000, MINUTES * 30_000))
      const page: number[] = []
      for (let sample = 0; sample < SAMPLES; sample += 1) {
        await setTimeout((MINUTES * 60_000) / SAMPLES)
        page.push((await heapBytes(session)) / MEBIBYTE)
      }
      const grown = median(page.slice(SAMPLES / 2)) - median(page.slice(0, SAMPLES / 2))
      return [
        absoluteRow(`panel, heap after ${MINUTES} min at 200 updates a second`, median(page), 'MiB', {
          atMost: 150
        }),
        absoluteRow('panel, growth of the heap, second half over first', grown, 'MiB', { atMost: 3 })
      ]
    } finally {
      await browser.close()
      await red.close()
    }
  }
}
export default bench
