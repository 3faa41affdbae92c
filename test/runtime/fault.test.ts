import assert from 'node:assert/strict'
import type { Outage } from '../../lib/metrics/report.js'
import { eventually, type FlowNode, NodeRed } from '../helpers/node-red.js'
import { runtimes } from '../helpers/runtimes.js'
import { comparison, ids, type Lane, type Report } from './comparison.js'

const z = 'c0a0000000000000'
const fault = 'c0a00000000000f0'
const { broker, feed, metrics } = ids
const wires = [[metrics], [metrics]]
const source = (id: string, properties: Omit<FlowNode, 'id'> & { readonly type: string }): FlowNode => ({
  id,
  z,
  name: id,
  x: 300,
  y: 300,
  wires,
  ...properties
})
const lanes = {
  qos0: source('c0a00000000000f1', { type: 'push-source', broker, qos: '0' }),
  session: source('c0a00000000000f2', { type: 'push-source', broker, qos: '1', session: 'persistent' }),
  latest: source('c0a00000000000f3', { type: 'poll-source', feed, intervalMs: '400' }),
  log: source('c0a00000000000f4', { type: 'poll-source', feed, intervalMs: '400', read: 'log' }),
  longPoll: source('c0a00000000000f5', { type: 'poll-source', feed, trigger: 'long-poll', read: 'log' })
}
type LaneName = keyof typeof lanes
const names = Object.keys(lanes) as LaneName[]

const flow = (seconds: string): FlowNode[] => [
  ...comparison().map(node => (node.id === ids.origin ? { ...node, qos: '1' } : node)),
  ...Object.values(lanes),
  { id: fault, z, type: 'delivery-fault', x: 100, y: 300, broker, feed, seconds, wires: [[metrics]] }
]

// one runtime: what it measures is ours, and palette.test.ts loads the node in both
for (const runtime of runtimes.slice(0, 1))
  describe(`an outage of both servers in a running ${runtime.name}`, function () {
    this.timeout(60_000)
    let red: NodeRed
    before('start', async () => {
      red = await NodeRed.start({ runtime })
    })
    after(() => red?.close())

    const all = async () => {
      const report = await red.report<Report>(metrics)
      return Object.fromEntries(
        names.map(name => {
          const lane = report.lanes.find(candidate => candidate.source === lanes[name].id)
          assert.ok(lane, name)
          return [name, lane]
        })
      ) as Record<LaneName, Lane & { readonly outages: readonly Outage[] }>
    }
    const faults = async (name: LaneName) =>
      (await all())[name].outages.filter(({ cause }) => cause === 'fault')

    it('QoS 0 loses what was pushed meanwhile; session and log lose nothing; the latest value supersedes', async () => {
      await red.deploy(flow('2'))
      await eventually(async () => {
        for (const name of names) assert.ok(((await all())[name].updates.delivered ?? 0) >= 3, name)
      })
      const before = await all()
      await red.post(`/delivery/fault/${fault}`, { running: true })
      await assert.rejects(red.post(`/delivery/fault/${fault}`, { running: true }), /FAULT_RUNNING|400/)
      await eventually(async () => {
        for (const name of names) assert.ok((await faults(name))[0]?.until, name)
      })
      await red.post(`/delivery/workload/${ids.workload}`, { running: false })
      await eventually(async () => {
        for (const name of names) assert.equal((await all())[name].updates.pending, 0, name)
      })
      const now = await all()
      for (const name of names) {
        const { outages, updates } = now[name]
        const own = outages.filter(({ cause }) => cause === 'fault')
        assert.equal(own.length, 1, name)
        const [outage] = own
        assert.ok(outage?.back && outage.until && outage.recoveryMs !== null, name)
        assert.ok(outage.back - outage.from >= 1900, `${name}: back after ${outage.back - outage.from} ms`)
        assert.ok(outage.recoveryMs >= 1900, name)
        assert.ok(outage.until >= outage.back, name)
        if (name === 'qos0') {
          assert.ok((outage.lost ?? 0) >= 20, `QoS 0 lost ${outage.lost}`)
          assert.ok((updates.lost ?? 0) - (before[name].updates.lost ?? 0) >= (outage.lost ?? 0))
        } else {
          assert.equal(outage.lost, 0, name)
          assert.equal(updates.lost, 0, name)
        }
        if (name === 'session' || name === 'log' || name === 'longPoll')
          assert.ok(outage.late >= 20, `${name}: ${outage.late} late`)
        if (name === 'qos0' || name === 'session') assert.equal(outage.reconnects, 1, name)
      }
      assert.ok((now.latest.updates.superseded ?? 0) > 0)
    })

    it('ends with a deploy of the node, again and again: the servers are back, and nothing is left', async () => {
      for (let round = 0; round < 5; round += 1) {
        await red.deploy(flow(String(100 + round)))
        await eventually(() => red.post(`/delivery/fault/${fault}`, { running: true }))
        await eventually(async () => {
          const { until } = (await faults('qos0')).at(-1) ?? assert.fail('no outage')
          assert.equal(until, null)
        })
      }
      await red.deploy(flow('3'))
      await red.post(`/delivery/workload/${ids.workload}`, { running: true })
      const before = await all()
      await eventually(async () => {
        const now = await all()
        for (const name of names)
          assert.ok((now[name].updates.delivered ?? 0) > (before[name].updates.delivered ?? 0) + 5, name)
      })
      assert.deepEqual(await red.get(`/delivery/fault/${fault}`), { running: false, dueAt: null })
    })
  })
