import assert from 'node:assert/strict'
import { eventually, type FlowNode, NodeRed } from '../helpers/node-red.js'
import { type Bystanders, bystanders } from './bystanders.js'
import { comparison, ids, laneOf, type Report } from './comparison.js'
import { describeServer } from './outside-readers.js'

const z = 'c0a0000000000000'
const burst = 5000
const latest = 'c0a0000000000016'
const flows = (): FlowNode[] => [
  ...comparison({ read: 'log' }).map(node => {
    if (node.type === 'poll-feed') return { ...node, history: String(3 * burst) }
    if (node.type !== 'delivery-workload') return node
    return {
      ...node,
      autostart: false,
      arrivals: 'bursts',
      burstSize: String(burst),
      rate: '50000',
      limit: String(burst)
    }
  }),
  {
    id: latest,
    type: 'poll-source',
    z,
    feed: ids.feed,
    intervalMs: '100',
    wires: [[ids.metrics], [ids.metrics]]
  },
  { id: 'press', type: 'inject', z, props: [], wires: [['loop']] },
  {
    id: 'loop',
    type: 'function',
    z,
    func: `for (let n = 0; n < ${burst}; n++) node.send({ payload: n })`,
    wires: [[ids.origin]]
  }
]

describe(`${burst} updates in one turn of a running Node-RED`, function () {
  this.timeout(120_000)
  let red: NodeRed
  let outside: Bystanders
  let made = 0

  before('start', async () => {
    red = await NodeRed.start({ flows: flows() })
    // the metrics node measures from the end of its warm-up on
    await eventually(async () => {
      const report = await red.report<Report>(ids.metrics)
      assert.ok(report.seconds > 1)
      for (const id of [ids.push, ids.poll, latest]) assert.equal(red.statuses.get(id)?.fill, 'green', id)
    })
    outside = await bystanders(red)
  })
  after(async () => {
    await outside?.close()
    await red?.close()
  })

  for (const [from, press] of [
    ['the workload', () => red.post(`/delivery/workload/${ids.workload}`, { running: true })],
    ['a function node', () => red.post('/inject/press')]
  ] as const)
    it(`from ${from}: push and the log deliver all, and what the latest value skips is counted`, async () => {
      await press()
      made += burst
      await eventually(async () => {
        const report = await red.report<Report>(ids.metrics)
        for (const source of [ids.push, ids.poll]) {
          const { generated, delivered, lost, superseded } = laneOf(report, source).updates
          assert.deepEqual([generated, delivered, lost, superseded], [made, made, 0, 0], source)
        }
        const { generated, delivered, lost, superseded } = laneOf(report, latest).updates
        assert.deepEqual([generated, lost], [made, 0])
        assert.equal((delivered ?? 0) + (superseded ?? 0), made)
      }, 30_000)
      for (const server of [ids.broker, ids.feed])
        await eventually(async () => {
          const { totals } = await describeServer(red, server)
          assert.deepEqual([totals?.updates, totals?.dropped, totals?.refused], [made, 0, 0])
        })
    })

  it('reaches a subscriber and a log reader from outside whole', async () => {
    assert.equal(
      outside.received.every(count => count === made),
      true,
      String(outside.received)
    )
    await outside.complete()
  })
})
