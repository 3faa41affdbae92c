import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { eventually, NodeRed } from '../helpers/node-red.js'
import { packageName, tarball } from '../helpers/packed.js'
import { runtimes } from '../helpers/runtimes.js'
import { comparison, ids, laneOf, type Report } from './comparison.js'

for (const runtime of runtimes)
  describe(`a running ${runtime.name} without our package`, function () {
    this.timeout(120_000)
    let red: NodeRed
    before('start', async () => {
      // The palette manager runs npm: what the cache holds need not be asked for again
      red = await NodeRed.start({ runtime, bare: true, env: { npm_config_prefer_offline: 'true' } })
    })
    after(() => red?.close())

    it('takes the uploaded tarball, runs it at once, and removes it without a thread left', async () => {
      const before = (await red.diagnose()).threads ?? 0
      const file = await tarball()
      const form = new FormData()
      form.append('tarball', new Blob([readFileSync(file)]), basename(file))
      const uploaded = await red.request('/nodes', { method: 'POST', body: form })
      assert.equal(uploaded.status, 200, await uploaded.clone().text())
      const { nodes } = (await uploaded.json()) as { nodes: { enabled: boolean; err?: string }[] }
      assert.deepEqual(
        nodes.filter(set => !set.enabled || set.err),
        []
      )
      assert.ok((await red.get<string[]>('/library/examples/flows')).includes(packageName))

      await red.deploy(comparison())
      await eventually(async () => {
        const report = await red.report<Report>(ids.metrics)
        for (const source of [ids.push, ids.poll])
          assert.ok((laneOf(report, source).updates.delivered ?? 0) > 0)
      })

      const remove = () => red.request(`/nodes/${packageName}`, { method: 'DELETE' })
      const refused = await remove()
      assert.equal(refused.status, 400, 'Node-RED removes no module whose nodes are deployed')
      assert.equal(((await refused.json()) as { code: string }).code, 'type_in_use')

      // Removed at once, while the server threads of the last deploy still wait for a successor
      await red.deploy([])
      const removed = await remove()
      assert.equal(removed.status, 204, await removed.text())
      await eventually(async () => assert.ok(((await red.diagnose()).threads ?? 0) <= before))
      await red.stop()
    })
  })
