import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import type { Node, NodeStatus } from 'node-red'
import { statusReporter } from '../../../nodes/shared/status.js'

/** A node that only has a status. */
function shown() {
  const events = new EventEmitter()
  const statuses: NodeStatus[] = []
  const node = {
    status(status: NodeStatus) {
      statuses.push(status)
      events.emit('status')
    }
  } as unknown as Node
  return { reporter: statusReporter(node), statuses, next: () => once(events, 'status') }
}

describe('status reporter', () => {
  it('shows the first state at once and of a busy half second only the last', async () => {
    const { reporter, statuses, next } = shown()
    reporter.show('good', '0')
    assert.deepEqual(statuses, [{ fill: 'green', shape: 'dot', text: '0' }])
    for (let k = 1; k <= 1000; k += 1) reporter.show('good', String(k))
    assert.equal(statuses.length, 1)
    await next()
    assert.deepEqual(
      statuses.map(({ text }) => text),
      ['0', '1000']
    )
    reporter.close()
  })

  it('asks what to show only when it is shown', async () => {
    const { reporter, statuses, next } = shown()
    let asked = 0
    const ask = () => {
      asked += 1
      return ['good', String(asked)] as const
    }
    for (let k = 0; k < 1000; k += 1) reporter.showAsked(ask)
    assert.equal(asked, 1)
    await next()
    assert.deepEqual(
      statuses.map(({ text }) => text),
      ['1', '2']
    )
    reporter.close()
  })

  it('says nothing twice, and at most 20 characters', () => {
    const { reporter, statuses } = shown()
    reporter.show('bad', 'a text that is much too long for a node')
    reporter.show('bad', 'a text that is much too long for a node')
    assert.deepEqual(statuses, [{ fill: 'red', shape: 'ring', text: 'a text that is much ' }])
    reporter.close()
  })

  it('shows nothing after close', async () => {
    const { reporter, statuses } = shown()
    reporter.show('good', 'a')
    reporter.show('good', 'b')
    reporter.close()
    reporter.show('good', 'c')
    await new Promise(resolve => setTimeout(resolve, 600))
    assert.deepEqual(
      statuses.map(({ text }) => text),
      ['a']
    )
  })
})
