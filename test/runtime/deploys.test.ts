import assert from 'node:assert/strict'
import { type DeploymentType, eventually, NodeRed } from '../helpers/node-red.js'
import { runtimes } from '../helpers/runtimes.js'
import { comparison, ids, laneOf, type Report } from './comparison.js'
import { faults, readLog, serverUrl, subscribeToUpdates } from './outside-readers.js'

for (const runtime of runtimes)
  describe(`deploys in ${runtime.name}`, function () {
    this.timeout(180_000)
    let red: NodeRed
    before('start', async () => {
      red = await NodeRed.start({ runtime, flows: comparison({ read: 'log' }) })
    })
    after(() => red?.close())

    it('lose nothing, keep external clients connected and leak nothing, 100 times in a row', async () => {
      const delivering = (least: number) =>
        eventually(async () => {
          const report = await red.report<Report>(ids.metrics)
          for (const source of [ids.push, ids.poll])
            assert.ok((laneOf(report, source).updates.delivered ?? 0) >= least)
          return report
        })
      const first = await delivering(10)
      const feedUrl = await serverUrl(red, ids.feed)
      const pushed = await subscribeToUpdates(await serverUrl(red, ids.broker))
      const log = readLog(feedUrl)
      const before = await red.diagnose()

      for (let count = 1; count <= 100; count++)
        await red.deploy(comparison({ read: 'log', rate: 20 + (count % 2) }))

      const report = await delivering(30)
      const after = await eventually(async () => {
        const diagnosis = await red.diagnose()
        assert.ok((diagnosis.threads ?? 0) <= (before.threads ?? 0))
        return diagnosis
      })
      await eventually(() => assert.equal(log.events.at(-1)?.epoch, pushed.events.at(-1)?.epoch))
      await log.stop()
      await pushed.stop()

      assert.equal(pushed.connections, 1, 'the external subscriber reconnected')
      assert.deepEqual(faults(pushed.events), [])
      assert.deepEqual(faults(log.events), [])
      assert.equal(log.gaps, 0)
      // A leak of one a deploy would be 100; pauses between two shown states and two polls come and go
      for (const kind of ['TCPServerWrap', 'TCPSocketWrap', 'Timeout'])
        assert.ok(
          (after.resources[kind] ?? 0) <= (before.resources[kind] ?? 0) + 20,
          `${kind}: ${before.resources[kind]} before, ${after.resources[kind]} after`
        )
      assert.doesNotMatch(red.output, /EADDRINUSE|Close timed out|\[error\]|Uncaught|MaxListeners/)
      assert.ok(report.seconds > first.seconds, 'the figures began anew')
      for (const source of [ids.push, ids.poll]) {
        const { model, updates } = laneOf(report, source)
        const later = laneOf(await red.report<Report>(ids.metrics), source).updates
        assert.equal(updates.lost, 0, `${model}: ${JSON.stringify(updates)}, later ${JSON.stringify(later)}`)
        assert.equal(updates.duplicate, 0)
      }
    })

    for (const type of ['flows', 'nodes'] as DeploymentType[])
      it(`of type "${type}" restart what changed, and the rest goes on`, async () => {
        const lane = async () =>
          laneOf(await red.report<Report>(ids.metrics), ids.push).updates.delivered ?? 0
        const before = await lane()
        await red.deploy(comparison({ read: 'log', intervalMs: 200 }), type)
        await eventually(async () => assert.ok((await lane()) > before))
        await red.deploy(comparison({ read: 'log' }), type)
        assert.doesNotMatch(red.output, /EADDRINUSE|Close timed out|\[error\]/)
      })

    it('stop quickly in the end', async () => {
      const started = performance.now()
      await red.stop()
      assert.ok(performance.now() - started < 10_000)
    })
  })
