import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Decisions } from '../../lib/metrics/advice.js'
import type { Report } from '../../lib/metrics/report.js'
import { decide } from '../../lib/theory/decision.js'
import { eventually, type FlowNode, NodeRed } from '../helpers/node-red.js'
import { projectRoot } from '../helpers/runtimes.js'

const file = join(projectRoot, 'examples', 'flows', '08 - What should I use.json')
const flow = (JSON.parse(readFileSync(file, 'utf8')) as FlowNode[]).map(node => {
  if (node.type === 'delivery-workload') return { ...node, rate: '6' }
  return node.type === 'poll-source' ? { ...node, intervalMs: '200' } : node
})
const idOf = (part: Readonly<Record<string, string>>): string => {
  const found = flow.find(node => Object.entries(part).every(([key, value]) => node[key] === value))
  assert.ok(found, JSON.stringify(part))
  return found.id
}

describe('example 08, asked as a user asks it', function () {
  this.timeout(120_000)
  let red: NodeRed
  const metrics = idOf({ type: 'delivery-metrics' })
  const report = (query = '') => red.report<Report>(metrics, query)
  const press = (name: string) => red.post(`/inject/${idOf({ type: 'inject', name })}`)
  const verdict = async (expected: string) =>
    eventually(async () => {
      const { advice } = await report()
      assert.equal(advice?.verdict, expected, JSON.stringify(advice?.reasons))
    }, 40_000)

  before('deploy', async () => {
    red = await NodeRed.start()
    await red.deploy(flow)
  })
  after(() => red?.close())

  it('says first what is missing', async () => {
    await eventually(async () => {
      const { advice } = await report()
      assert.equal(advice?.verdict, 'not-conclusive')
      assert.match(advice.reasons[0]?.code ?? '', /^(NO_TRAFFIC|TOO_FEW|PUSH_|PULL_)/)
    })
  })

  it('advises push within 100 ms', async () => {
    await press('within 100 ms')
    await verdict('push')
  })

  it('advises polling within 10 s, at the longest interval that will do, for the planned clients', async () => {
    await press('within 10 s')
    await verdict('pull')
    const { advice, target } = await report()
    assert.deepEqual(target, { ms: 10_000, share: 0.95 })
    assert.ok(advice?.intervalMs && advice.intervalMs > 10_400 && advice.intervalMs < 10_527)
    const requests = advice.frontier.find(({ intervalMs }) => intervalMs === 10)?.requestsPerSecond
    assert.equal(requests, 10_000)
  })

  it('shows the answer below the node that says it in words', async () => {
    await eventually(() => {
      assert.match(red.statuses.get(idOf({ name: 'in words' }))?.text ?? '', /^pull every 10\.5 s$/)
    })
  })

  it('hands a browser all that it needs to decide the same', async () => {
    const { streams, settings } = await red.get<Decisions>(`/delivery/metrics/${metrics}/decisions`)
    assert.equal(settings.clients, 100)
    const [facts] = streams
    assert.ok(facts)
    assert.equal(decide(facts, settings).verdict, 'pull')
    const tight = { ...settings, target: { ms: 100, share: 0.95 } }
    assert.equal(decide(facts, tight).verdict, 'push')
  })

  it('leaves the frontier out when asked to, in at most 30 kB', async () => {
    const brief = await report('?frontier=0&previous=0')
    assert.deepEqual(brief.advice?.frontier, [])
    assert.deepEqual(brief.streams[0]?.advice?.frontier, [])
    assert.ok(JSON.stringify(brief).length < 30_000)
    assert.equal(brief.claims.length, 10)
  })

  it('begins anew with another traffic', async () => {
    const { generated = 0 } = (await report()).streams[0] ?? {}
    await press('20 updates/s')
    await eventually(async () => {
      const [stream] = (await report()).streams
      assert.ok((stream?.generated ?? 0) < generated || (stream?.ratePerSecond ?? 0) > 10)
      assert.ok((stream?.ratePerSecond ?? 0) > 10)
    })
  })
})
