import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { NodeRed } from '../helpers/node-red.js'
import { runtimes } from '../helpers/runtimes.js'

for (const runtime of runtimes)
  describe(`the harness on ${runtime.name}`, () => {
    it('starts, deploys, restarts after SIGKILL on the same flows, and leaves nothing behind', async () => {
      const first = await NodeRed.start({ runtime, flows: [{ id: 'a', type: 'tab', label: 'First' }] })
      let second: NodeRed | undefined
      try {
        await first.deploy([{ id: 'b', type: 'tab', label: 'Second' }])
        assert.ok(((await first.diagnose()).threads ?? 1) > 0)
        await first.kill()
        second = await NodeRed.start({ runtime, userDir: first.userDir })
        assert.deepEqual(await second.get('/flows'), [{ id: 'b', type: 'tab', label: 'Second' }])
        await second.stop()
      } finally {
        await second?.close()
        await first.close()
      }
      assert.equal(existsSync(first.userDir), false)
    })
    it('asks for a password where there are users', async () => {
      const red = await NodeRed.start({
        runtime,
        users: { ann: { password: 'secret', permissions: 'read' } }
      })
      try {
        assert.equal((await red.request('/flows')).status, 401)
        await red.login('ann', 'secret', 'read')
        await red.get('/flows')
      } finally {
        await red.close()
      }
    })
  })
