import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LaneReport, Report } from '../../lib/metrics/report.js'
import { freePort } from '../helpers/mosquitto.js'
import { eventually, type FlowNode, NodeRed } from '../helpers/node-red.js'
import { projectRoot } from '../helpers/runtimes.js'

const STREAM = 'house/thermostat'
const INTERVAL_MS = 200
/** So many pushed updates make 95 % known. */
const ENOUGH = 72
const file = join(projectRoot, 'examples', 'flows', '05 - Your own broker and your own URL.json')
const example = readFileSync(file, 'utf8').replaceAll('18830', String(await freePort()))
/** Ten times faster; polls stay clear of the instants of the thermostat's clock. */
const flow = (JSON.parse(example) as FlowNode[]).map(node => {
  if (node.type === 'inject') return { ...node, repeat: '0.1' }
  return node.type === 'poll-source' ? { ...node, intervalMs: String(INTERVAL_MS), jitter: '0.3' } : node
})
const metrics = flow.find(({ type }) => type === 'delivery-metrics')?.id ?? ''

describe('example 05: a thermostat that pushes deltas and answers with its whole state, without ids', function () {
  this.timeout(90_000)
  let red: NodeRed
  let report: Report
  const lane = (model: string): LaneReport => {
    const found = report.lanes.find(one => one.stream === STREAM && one.model === model)
    assert.ok(found, `no ${model} lane`)
    return found
  }
  before('deploy and wait until the advice may be sure', async () => {
    red = await NodeRed.start()
    await red.deploy(flow)
    await eventually(async () => {
      report = await red.report<Report>(metrics)
      assert.ok(lane('push').updates.delivered > ENOUGH, `${lane('push').updates.delivered} pushed`)
      assert.ok(lane('pull').updates.delivered > ENOUGH / 2, `${lane('pull').updates.delivered} polled`)
    }, 60_000)
  })
  after(() => red?.close())

  it('matches the state with what was pushed by value: each pushed update was delivered, superseded or waits', () => {
    const { matchedBy, updates } = lane('pull')
    assert.equal(matchedBy, 'value')
    assert.equal(updates.lost, 0)
    assert.ok((updates.superseded ?? 0) > 0)
    const { generated, delivered, superseded, lost, pending } = updates
    assert.equal(generated, delivered + (superseded ?? 0) + (lost ?? 0) + (pending ?? 0))
  })

  it('knows how far the state is behind, and no latency, age or target share of either lane', () => {
    for (const { latencyMs, ageMs, targetShare, freshShare } of [lane('push'), lane('pull')])
      assert.deepEqual([latencyMs, ageMs.mean, targetShare, freshShare], [null, null, null, null])
    const behind = lane('pull').behindFirstMs
    assert.ok(behind && lane('push').behindFirstMs?.p50 === 0)
    // a poll brings what was pushed since the poll before
    assert.ok(behind.p50 > 0 && behind.p50 < INTERVAL_MS, `${behind.p50}`)
  })

  it('says with flags what nobody can know', () => {
    for (const model of ['push', 'pull']) {
      const flags = new Map(lane(model).flags.map(flag => [flag.code, flag]))
      for (const code of ['FOREIGN_IDS', 'NO_GENERATION_TIME', 'ORIGIN_NOT_WIRED'] as const)
        assert.ok(flags.has(code), `${model}: ${[...flags.keys()]}`)
      assert.ok(flags.get('NO_GENERATION_TIME')?.spoils.includes('latencyMs'))
    }
  })

  it('has the advice stand all the same, and say that push counts from the first to have it', () => {
    const advice = report.streams.find(({ stream }) => stream === STREAM)?.advice
    assert.ok(advice)
    assert.notEqual(advice.verdict, 'not-conclusive', JSON.stringify(advice.reasons))
    const codes = advice.reasons.map(({ code }) => code)
    assert.ok(codes.includes('PUSH_LOWER_BOUND'), codes.join(' '))
    // 1 s for 95 %, so (1 s − way back) / 0.95
    const longest = advice.longestIntervalMs ?? 0
    assert.ok(longest > 950 && longest < 1053, `${longest}`)
  })
})
