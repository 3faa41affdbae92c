import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { openBrowser } from '../helpers/browser.js'
import { eventually, type FlowNode, NodeRed } from '../helpers/node-red.js'
import { npm, packageName, tarball, temporaryFolder } from '../helpers/packed.js'
import { projectRoot } from '../helpers/runtimes.js'
import { comparison, ids } from './comparison.js'

const DASHBOARD = '@flowfuse/node-red-dashboard'
/** Names of the lanes of `comparison`. */
const LANES = ['push updates', 'poll updates']
const text = readFileSync(join(projectRoot, 'docs', 'recipes.md'), 'utf8')
const blocks = new Map(
  text
    .split(/^## /m)
    .slice(1)
    .map(section => [section.split('\n', 1)[0] ?? '', /^```\n(.*?)^```$/ms.exec(section)?.[1] ?? ''])
)
/** The nodes of a recipe, exactly as they stand in the document. */
function recipe(title: string): readonly FlowNode[] {
  const block = blocks.get(title)
  assert.ok(block, `no flow below "${title}", only ${[...blocks.keys()].join(', ')}`)
  return JSON.parse(block) as FlowNode[]
}
const metricsOf = (flow: readonly FlowNode[]): FlowNode => {
  const [metrics, ...more] = flow.filter(({ type }) => type === 'delivery-metrics')
  assert.ok(metrics && more.length === 0)
  return metrics
}

/** The recipe, and sources wired into its metrics node, on its tab: what a reader does with it. */
function withSources(flow: readonly FlowNode[]): readonly FlowNode[] {
  const { id, z } = metricsOf(flow)
  const sources = comparison()
    .filter(node => node.id !== ids.metrics)
    .map(node => {
      if (node.type === 'tab') return { ...node, id: String(z) }
      const wires = (node.wires as string[][] | undefined)?.map(output =>
        output.map(target => (target === ids.metrics ? id : target))
      )
      return node.z === undefined ? node : { ...node, z, ...(wires ? { wires } : {}) }
    })
  return [...sources, ...flow]
}

/** A user directory with our tarball and the dashboard. @throws what npm said, when it cannot be installed */
async function dashboardDirectory(): Promise<{ path: string; remove(): void }> {
  const folder = temporaryFolder()
  const dependencies = { [packageName]: `file:${await tarball()}`, [DASHBOARD]: '1' }
  writeFileSync(join(folder.path, 'package.json'), JSON.stringify({ private: true, dependencies }))
  const quiet = ['--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline', '--loglevel', 'error']
  await npm(['install', '--omit=dev', '--ignore-scripts', ...quiet], folder.path)
  return folder
}

describe('the recipes, imported as they stand', function () {
  this.timeout(120_000)

  it('are three, in the form that the editor exports', () => {
    assert.equal(blocks.size, 3)
    const all = [...blocks.keys()].flatMap(title => recipe(title))
    assert.equal(new Set(all.map(({ id }) => id)).size, all.length)
    for (const { id, wires } of all) {
      assert.match(id, /^[0-9a-f]{16}$/)
      for (const target of ((wires ?? []) as string[][]).flat())
        assert.ok(
          all.some(node => node.id === target),
          `${id} → ${target}`
        )
    }
  })

  describe('without anything else', () => {
    let red: NodeRed
    const scraped = recipe('Let Prometheus scrape it')
    const live = recipe('A live page for a class')
    const get = async (path: string) => {
      const response = await red.request(`${red.origin}${path}`)
      assert.equal(response.status, 200)
      return { headers: response.headers, body: await response.text() }
    }
    const deploy = async (flow: readonly FlowNode[]) => {
      await red.deploy(withSources(flow))
      await eventually(async () => {
        const { lanes } = await red.report<{ lanes: { latencyMs: { count: number } | null }[] }>(
          metricsOf(flow).id
        )
        assert.equal(lanes.length, 2)
        for (const { latencyMs } of lanes) assert.ok((latencyMs?.count ?? 0) > 20)
      })
    }
    before(async () => {
      red = await NodeRed.start()
    })
    after(() => red?.close())

    it('Prometheus finds both lanes with their histograms at the path of the recipe', async () => {
      await deploy(scraped)
      const { headers, body } = await get('/delivery/openmetrics')
      assert.match(headers.get('content-type') ?? '', /^application\/openmetrics-text; version=1\.0\.0/)
      assert.match(body, /# EOF\n$/)
      for (const model of ['push', 'pull'])
        assert.match(
          body,
          new RegExp(`^delivery_latency_seconds_bucket\\{.*model="${model}".*\\} [1-9]`, 'm')
        )
    })

    it('a class sees a page that comes anew by itself, with newer figures', async () => {
      await deploy(live)
      const { headers, body } = await get('/delivery/live')
      assert.match(headers.get('content-type') ?? '', /^text\/html/)
      assert.equal(headers.get('refresh'), '10')
      for (const name of LANES) assert.ok(body.includes(name), `no ${name} on the page`)
      await eventually(async () =>
        assert.ok((await get('/delivery/live')).body !== body, 'the same page again')
      )
    })
  })

  describe('with Dashboard 2', function () {
    this.timeout(300_000)
    const flow = recipe('Charts on a dashboard')
    let folder: { path: string; remove(): void } | undefined
    let red: NodeRed | undefined
    let browser: Browser | undefined
    before('install it into a user directory of its own', async () => {
      folder = await dashboardDirectory()
      red = await NodeRed.start({ userDir: folder.path })
      await red.deploy(withSources(flow))
      browser = await openBrowser()
    })
    after(async () => {
      await browser?.close()
      await red?.close()
      folder?.remove()
    })

    it('both charts are drawn, and hold a point for each lane', async () => {
      assert.ok(red && browser)
      assert.doesNotMatch(red.output, /missing types|Error loading/i)
      const page = await browser.newPage()
      page.setDefaultTimeout(60_000)
      const frames: string[] = []
      page.on('websocket', socket => {
        socket.on('framereceived', ({ payload }) => void frames.push(String(payload)))
      })
      await page.goto(`${red.origin}/dashboard/push-and-pull`)
      const charts = flow.filter(({ type }) => type === 'ui-chart')
      assert.equal(charts.length, 2)
      for (const { id } of charts) await page.locator(`#nrdb-ui-widget-${id} canvas`).waitFor()
      await eventually(() => {
        for (const { id } of charts) {
          const said = frames.filter(frame => frame.includes(id)).join('\n')
          for (const name of LANES)
            assert.match(said, new RegExp(name), `${name} in ${id}:\n${said.slice(0, 2000)}`)
        }
      }, 30_000)
    })
  })
})
