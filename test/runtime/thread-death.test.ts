import assert from 'node:assert/strict'
import { eventually, NodeRed } from '../helpers/node-red.js'
import { runtimes } from '../helpers/runtimes.js'
import { comparison, ids, laneOf, type Report } from './comparison.js'
import { catcher, recorded } from './recorded.js'

interface Described {
  readonly state: string
  readonly address: { readonly port: number } | null
  readonly limits: Readonly<Record<string, number>>
}
const z = 'c0a0000000000000'

for (const runtime of runtimes)
  describe(`a server thread that dies in a running ${runtime.name}`, function () {
    this.timeout(60_000)
    let red: NodeRed
    before('start', async () => {
      red = await NodeRed.start({ runtime })
    })
    // figures outlive deploys: each server dies with figures of its own
    afterEach(() => red?.deploy([]))
    after(() => red?.close())

    const address = async (server: string) => {
      const { state, address } = await red.get<Described>(`/delivery/server/${server}`)
      assert.equal(state, 'listening')
      return address?.port ?? assert.fail('no port')
    }
    const figures = async () => {
      const report = await red.report<Report>(ids.metrics)
      return { push: laneOf(report, ids.push).updates, pull: laneOf(report, ids.poll).updates }
    }

    for (const [what, server] of [
      ['broker', ids.broker],
      ['feed', ids.feed]
    ] as const)
      it(`${what}: is back on its port, the sources recover, and every update is accounted for`, async () => {
        const errors = `${what}Errors`
        await red.deploy([...comparison({ read: 'log', intervalMs: 100 }), ...catcher(z, errors)])
        await eventually(async () => {
          const { push, pull } = await figures()
          assert.ok((push.delivered ?? 0) >= 5 && (pull.delivered ?? 0) >= 5)
        })
        const before = await figures()
        const port = await eventually(() => address(server))
        await red.killThread(port)
        assert.ok(red.running)
        await eventually(async () => {
          const now = await figures()
          for (const model of ['push', 'pull'] as const)
            assert.ok((now[model].delivered ?? 0) >= (before[model].delivered ?? 0) + 40, model)
        })
        const { limits } = await red.get<Described>(`/delivery/server/${server}`)
        assert.equal(limits.threadDied, 1)
        assert.equal(await address(server), port)
        await eventually(() => {
          for (const id of [ids.origin, ids.push, ids.poll])
            assert.notEqual(red.statuses.get(id)?.fill, 'red', `${id}: ${red.statuses.get(id)?.text}`)
        })
        await red.post(`/delivery/workload/${ids.workload}`, { running: false })
        // what the dead thread took with it is told; the lane of the other server is whole
        await eventually(async () => {
          const { push, pull } = await figures()
          const other = server === ids.broker ? pull : push
          assert.deepEqual([other.delivered, other.lost], [other.generated, 0])
          for (const { generated, delivered, superseded, lost, pending } of [push, pull]) {
            assert.equal(pending, 0)
            assert.equal((delivered ?? 0) + (superseded ?? 0) + (lost ?? 0), generated)
          }
        })
        for (const { code } of await recorded<{ code: string }>(red, errors))
          assert.match(code, /^(THREAD_DIED|CONNECTION_LOST|CONNECT_FAILED|REQUEST_FAILED)$/)
      })
  })
