import assert from 'node:assert/strict'
import { freePort } from '../helpers/mosquitto.js'
import { eventually, NodeRed } from '../helpers/node-red.js'
import { runtimes } from '../helpers/runtimes.js'
import { comparison, ids, laneOf, type Report } from './comparison.js'

for (const runtime of runtimes)
  describe(`${runtime.name} killed with SIGKILL`, function () {
    this.timeout(60_000)

    it('starts again on the same port and delivers, with nothing lost or repeated', async () => {
      const flows = comparison({ port: await freePort(), read: 'log' })
      const settings = {
        contextStorage: { default: { module: 'localfilesystem', config: { flushInterval: 1 } } }
      }
      const first = await NodeRed.start({ runtime, flows, settings })
      let second: NodeRed | undefined
      const delivering = (red: NodeRed) =>
        eventually(async () => {
          const report = await red.report<Report>(ids.metrics)
          for (const source of [ids.push, ids.poll])
            assert.ok((laneOf(report, source).updates.delivered ?? 0) >= 20)
          return report
        })
      try {
        await delivering(first)
        await first.kill()
        second = await NodeRed.start({ runtime, settings, userDir: first.userDir })
        const report = await delivering(second)
        for (const source of [ids.push, ids.poll]) {
          const { model, updates } = laneOf(report, source)
          assert.equal(updates.lost, 0, `${model}: ${JSON.stringify(updates)}`)
          assert.equal(updates.duplicate, 0)
        }
        assert.doesNotMatch(second.output, /EADDRINUSE|\[error\]/)
        await second.stop()
      } finally {
        await second?.close()
        await first.close()
      }
    })
  })
