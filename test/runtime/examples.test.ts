import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../helpers/mosquitto.js'
import { eventually, type FlowNode, NodeRed } from '../helpers/node-red.js'
import { projectRoot, runtimes } from '../helpers/runtimes.js'
import type { Lane, Report } from './comparison.js'

const folder = join(projectRoot, 'examples', 'flows')

/** How many times faster each example runs here: rates up, intervals down, so that every λT stays what it is. */
const FASTER: Readonly<Record<string, number>> = {
  '01': 20,
  '02': 10,
  '03': 10,
  '04': 4,
  '05': 1,
  '06': 5,
  '07': 1,
  '08': 10,
  '09': 10
}

function faster(node: FlowNode, times: number): FlowNode {
  const scaled: Record<string, string> = {}
  const scale = (property: string, factor: number) => {
    if (node[property] !== undefined && node[property] !== '')
      scaled[property] = String(Number(node[property]) * factor)
  }
  if (node.type === 'delivery-workload') {
    if (node.arrivals === 'replay') scale('speed', times)
    else scale('rate', times)
  }
  if (node.type === 'poll-source')
    for (const property of ['intervalMs', 'minIntervalMs', 'maxIntervalMs']) scale(property, 1 / times)
  // 'newest' marks what the first document holds as seen, and on a busy machine that is a part of what is counted
  if (node.type === 'poll-source' && node.target === 'url') scaled.start = 'oldest'
  return { ...node, ...scaled }
}

/** Example 05 has a fixed port, because core's mqtt out must know it; here a free one stands for it. */
const port = String(await freePort())
const examples = new Map(
  readdirSync(folder).map(file => {
    const text = readFileSync(join(folder, file), 'utf8').replaceAll('18830', port)
    const nodes = JSON.parse(text) as FlowNode[]
    const key = file.slice(0, 2)
    return [key, nodes.map(node => faster(node, FASTER[key] ?? 1))]
  })
)

function nodesOf(example: string, type: string): FlowNode[] {
  return (examples.get(example) ?? []).filter(node => node.type === type && !node.d)
}

for (const runtime of runtimes)
  describe(`the examples, all at once and sped up, in ${runtime.name}`, function () {
    this.timeout(120_000)
    let red: NodeRed
    const reports = new Map<string, Report>()

    const lanes = (example: string): readonly Lane[] => reports.get(example)?.lanes ?? []
    function lane(example: string, part: Readonly<Record<string, unknown>>): Lane {
      const node = (examples.get(example) ?? []).find(
        candidate => !candidate.d && Object.entries(part).every(([key, value]) => candidate[key] === value)
      )
      const found = lanes(example).find(candidate => candidate.source === node?.id)
      assert.ok(found, `no lane of ${JSON.stringify(part)} in example ${example}`)
      return found
    }

    before('deploy and wait for figures', async () => {
      red = await NodeRed.start({ runtime })
      await red.deploy([...examples.values()].flat())
      await eventually(async () => {
        for (const example of examples.keys()) {
          const metrics = nodesOf(example, 'delivery-metrics')[0]
          reports.set(example, await red.report<Report>(metrics?.id ?? ''))
        }
        for (const [example, least] of [
          ['01', 80],
          ['02', 50],
          ['03', 40],
          ['04', 20],
          ['05', 4],
          ['06', 50],
          ['08', 50],
          ['09', 40]
        ] as const)
          for (const { name, updates } of lanes(example)) {
            const seen = (updates.delivered ?? 0) + (updates.superseded ?? 0)
            assert.ok(seen >= least || name === 'on demand', `example ${example}, ${name}: ${seen} updates`)
          }
        for (const example of examples.keys()) assert.ok(lanes(example).length >= 2, `lanes of ${example}`)
      }, 60_000)
    })
    after(() => red?.close())

    it('lose nothing and print no error', () => {
      for (const example of examples.keys())
        for (const { name, updates } of lanes(example)) {
          assert.equal(updates.lost ?? 0, 0, `example ${example}, ${name}: ${JSON.stringify(updates)}`)
          assert.equal(updates.outOfOrder ?? 0, 0, `example ${example}, ${name}`)
        }
      assert.doesNotMatch(red.output, /\[error\]|EADDRINUSE|Uncaught/)
    })

    it('01: a third of the polls is empty, a third of the updates never seen, push is earlier', () => {
      const pushed = lane('01', { type: 'push-source' })
      const polled = lane('01', { type: 'poll-source' })
      const { generated, delivered, superseded } = polled.updates
      const x = 1
      const missed = 1 - (1 - Math.exp(-x)) / x
      assert.ok(Math.abs((superseded ?? 0) / ((delivered ?? 0) + (superseded ?? 0)) - missed) < 0.2)
      assert.ok(Math.abs((polled.exchanges.emptyShare ?? 0) - Math.exp(-x)) < 0.2)
      assert.ok((generated ?? 0) > 0)
      assert.equal(pushed.updates.superseded, 0)
      assert.ok((pushed.latencyMs?.mean ?? Number.NaN) < (polled.latencyMs?.mean ?? Number.NaN))
    })

    it('02: three lanes, one truth', () => {
      const push = lane('02', { type: 'push-source' })
      const feed = lane('02', { type: 'poll-source', target: 'feed' })
      const document = lane('02', { type: 'poll-source', target: 'url' })
      for (const { latencyMs, name } of [push, feed, document])
        assert.ok((latencyMs?.count ?? 0) > 0, `no latency of ${name}`)
      assert.equal(push.updates.superseded, 0)
      assert.equal(document.updates.superseded, 0)
      assert.ok((document.latencyMs?.mean ?? 0) > (push.latencyMs?.mean ?? Number.NaN))
    })

    it('03: a long poll comes close to push, an interval does not', () => {
      const mean = (trigger: string) =>
        lane('03', { type: 'poll-source', trigger }).latencyMs?.mean ?? Number.NaN
      assert.ok(mean('long-poll') < mean('interval'))
      assert.ok((lane('03', { type: 'poll-source', trigger: 'adaptive' }).updates.delivered ?? 0) > 0)
    })

    it('04: polling often is mostly empty, polling seldom misses more', () => {
      const [daily, weekly] = nodesOf('04', 'poll-source')
        .sort((a, b) => Number(a.intervalMs) - Number(b.intervalMs))
        .map(({ id }) => lane('04', { id }))
      assert.ok(daily && weekly)
      assert.ok((daily.exchanges.emptyShare ?? 0) > (weekly.exchanges.emptyShare ?? 1))
      assert.ok((daily.updates.superseded ?? 0) < (weekly.updates.superseded ?? 0))
    })

    it('05: foreign messages and a foreign document are matched by their id', () => {
      const document = lane('05', { type: 'poll-source' })
      assert.equal(document.matchedBy, 'id')
      assert.ok((document.behindFirstMs?.count ?? 0) > 0)
    })

    it('05: a state without number and time is matched by value, and nobody guesses its latency', () => {
      const state = lane('05', { type: 'poll-source', valueProperty: 'temperature' })
      assert.equal(state.matchedBy, 'value')
      assert.equal(state.latencyMs, null)
      assert.ok((state.behindFirstMs?.count ?? 0) > 0)
      const codes = state.flags.map(({ code }) => code)
      assert.ok(codes.includes('NO_GENERATION_TIME') && codes.includes('FOREIGN_IDS'), codes.join(' '))
    })

    it('06: each interval finds as many empty polls as theory says beside it', () => {
      const polled = nodesOf('06', 'poll-source').map(({ id }) => lane('06', { id }))
      assert.equal(polled.length, 3)
      for (const { name, exchanges, theory } of polled)
        assert.ok(
          Math.abs((exchanges.emptyShare ?? Number.NaN) - (theory?.emptyShare ?? Number.NaN)) < 0.2,
          `${name}: measured ${exchanges.emptyShare}, theory ${theory?.emptyShare}`
        )
    })

    it('06: says in words what was measured and what theory says', async () => {
      await eventually(() => {
        for (const { id, name } of nodesOf('06', 'function'))
          assert.match(
            red.statuses.get(id)?.text ?? '',
            /^measured mean \d+\.\d+ s, theory \d+\.\d+ s( ± \d+\.\d+)?$/,
            String(name)
          )
      })
    })

    it('09: the report is a page at a URL, and by path a table and what Prometheus scrapes', async () => {
      const at = (form: string) => red.request(`${red.origin}/delivery-example/report${form}`)
      const page = await at('')
      assert.match(page.headers.get('content-type') ?? '', /^text\/html/)
      assert.match(await page.text(), /OWN_URL, every 2 s/)
      const table = await at('/csv')
      assert.match(table.headers.get('content-type') ?? '', /^text\/csv/)
      assert.match(await table.text(), /OWN_URL, every 2 s/)
      assert.match(await (await at('/openmetrics')).text(), /# EOF\n$/)
      assert.equal(lane('09', { type: 'poll-source' }).matchedBy, 'time')
    })
  })
