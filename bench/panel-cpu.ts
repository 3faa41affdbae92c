import { setTimeout } from 'node:timers/promises'
import { Editor, openBrowser } from '../test/helpers/browser.js'
import { NodeRed } from '../test/helpers/node-red.js'
import { Panel } from '../test/helpers/panel.js'
import { absoluteRow, type Bench, median, type Row } from './helpers/bench.js'
import { drawingSeconds, lanesFlow, METRICS } from './helpers/panel-page.js'

const MEASURE_MS = 10_000
const ROUNDS = 3
/** Fills the longest picture that is drawn: the default span of 30 s. */
const FILL_MS = 30_000

const CASES = [
  { lanes: 2, rate: 10, atMost: 0.05 },
  { lanes: 8, rate: 200, atMost: 0.15 }
] as const

/** CPU that the panel takes in the browser, beyond what the same editor takes while the panel is hidden. */
async function one({ lanes, rate, atMost }: (typeof CASES)[number]): Promise<readonly Row[]> {
  const red = await NodeRed.start({ flows: lanesFlow(lanes, rate) })
  const browser = await openBrowser()
  try {
    const editor = await Editor.open(browser, red)
    // on an empty tab the editor draws no statuses: what is left is the panel
    await editor.evaluate(`RED.workspaces.add(undefined, true)`)
    const share = async () => {
      const before = await drawingSeconds(browser)
      const begun = performance.now()
      await setTimeout(MEASURE_MS)
      return ((await drawingSeconds(browser)) - before) / ((performance.now() - begun) / 1000)
    }
    const sizes: number[] = []
    editor.page.on('response', async response => {
      if (response.url().includes(`/delivery/metrics/${METRICS}`))
        sizes.push((await response.body().catch(() => Buffer.alloc(0))).length)
    })
    const panel = await Panel.open(editor, METRICS)
    await setTimeout(FILL_MS)
    const more: number[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      const shown = await share()
      await panel.leave()
      const hidden = await share()
      more.push(shown - hidden)
      await Panel.open(editor, METRICS)
    }
    const what = `${lanes} lanes, ${rate} updates a second`
    return [
      absoluteRow(`panel, CPU: ${what}`, median(more), 'of a core', { atMost }),
      absoluteRow(`panel, largest answer: ${what}`, Math.max(...sizes) / 1000, 'kB', { atMost: 30 })
    ]
  } finally {
    await browser.close()
    await red.close()
  }
}

const bench: Bench = {
  name: 'the panel in a browser: CPU and size of answers',
  async run() {
    const rows: Row[] = []
    for (const each of CASES) rows.push(...(await one(each)))
    return rows
  }
}
export default bench
