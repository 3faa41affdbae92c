import assert from 'node:assert/strict'
import { type FlowNode, NodeRed } from '../helpers/node-red.js'

const flows: readonly FlowNode[] = [
  { id: 'tab', type: 'tab', label: 'Tab' },
  { id: 'w', type: 'delivery-workload', z: 'tab', autostart: false, wires: [[]], x: 100, y: 40 }
]

describe('who may start and stop', () => {
  it('the button of a workload needs delivery.write', async () => {
    const users = {
      reader: { password: 'a', permissions: ['flows.read', 'delivery.read'] },
      writer: { password: 'b', permissions: ['flows.read', 'delivery.read', 'delivery.write'] }
    }
    const red = await NodeRed.start({ flows, users })
    const press = () =>
      red.request('/delivery/workload/w', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ running: true })
      })
    try {
      assert.equal((await press()).status, 401)
      await red.login('reader', 'a', users.reader.permissions.join(' '))
      assert.equal((await press()).status, 401)
      await red.login('writer', 'b', users.writer.permissions.join(' '))
      const answer = await press()
      assert.equal(answer.status, 200)
      assert.equal(((await answer.json()) as { running: boolean }).running, true)
    } finally {
      await red.close()
    }
  }).timeout(60_000)
})
