import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import type { Node } from 'node-red'
import helper from 'node-red-node-test-helper'
import { DeliveryError } from '../../../lib/errors.js'
import { defineNode, type RunningNode, statusText } from '../../../nodes/shared/define-node.js'
import { number } from '../../../nodes/shared/fields.js'

helper.init(createRequire(import.meta.url).resolve('node-red'))

const fields = { rate: number(1, { min: 0 }) }
const tab = { id: 'tab', type: 'tab' }

/** Loads one `probe` node, and a core-like catcher of `done` and errors. */
async function load(start: (node: Node, rate: number) => RunningNode, config: Record<string, unknown> = {}) {
  const probe = defineNode('probe', () => ({ fields, start: (node, { rate }) => start(node, rate) }))
  await helper.load(probe, [tab, { id: 'n', z: 'tab', type: 'probe', ...config }])
  return helper.getNode('n')
}

/** How one message ended: the errors of its `done` calls. */
async function endOf(node: Node, message: object): Promise<unknown[]> {
  const ends: unknown[] = []
  // `done` of a node without Complete and Catch nodes is seen by hooks only
  const emitted = node as unknown as {
    _complete(message: object, error?: unknown): void
    receive(message: object): void
  }
  const ended = new Promise<void>(resolve => {
    emitted._complete = (_message, error) => {
      ends.push(error)
      resolve()
    }
  })
  emitted.receive(message)
  await ended
  await new Promise(resolve => setImmediate(resolve))
  return ends
}

describe('defineNode', () => {
  before(() => helper.startServer())
  after(() => helper.stopServer())
  afterEach(() => helper.unload())

  it('gives the typed configuration to start', async () => {
    let seen: number | undefined
    await load(
      (_, rate) => {
        seen = rate
        return {}
      },
      { rate: '2.5' }
    )
    assert.equal(seen, 2.5)
  })

  it('calls done once after the input has ended, also when it is synchronous', async () => {
    let over = false
    const node = await load(() => ({
      async input() {
        await new Promise(resolve => setImmediate(resolve))
        over = true
      }
    }))
    assert.deepEqual(await endOf(node, { payload: 1 }), [undefined])
    assert.equal(over, true)
  })

  for (const [how, input] of [
    [
      'throws',
      () => {
        throw new DeliveryError('PAYLOAD_INVALID', 'x')
      }
    ],
    ['rejects', () => Promise.reject(new DeliveryError('PAYLOAD_INVALID', 'x'))]
  ] as const)
    it(`calls done once with the error of an input that ${how}`, async () => {
      const node = await load(() => ({ input }))
      const ends = await endOf(node, {})
      assert.equal(ends.length, 1)
      assert.equal((ends[0] as DeliveryError).code, 'PAYLOAD_INVALID')
    })

  it('a start that throws is a red status and an error with its message, not an exception', async () => {
    const node = await load(() => {
      throw new DeliveryError('STREAM_TAKEN', 'by another')
    })
    // the first status is from the constructor, before anybody could listen: errors come later
    const [call] = (await once(node, 'call:error')) as [{ args: [DeliveryError, object] }]
    assert.equal(call.args[0].code, 'STREAM_TAKEN')
    assert.equal(typeof call.args[1], 'object')
    const ends = await endOf(node, {})
    assert.equal((ends[0] as DeliveryError).code, 'STREAM_TAKEN')
  })

  it('a wrong configuration answers every message with CONFIG_INVALID', async () => {
    const node = await load(() => ({}), { rate: 'fast' })
    const [error] = await endOf(node, {})
    assert.equal((error as DeliveryError).code, 'CONFIG_INVALID')
    assert.match((error as DeliveryError).message, /rate.*"fast"/)
  })

  it('waits for close, and says whether the node was removed', async () => {
    const closed: unknown[] = []
    await load(() => ({
      async close(removed) {
        await new Promise(resolve => setTimeout(resolve, 30))
        closed.push(removed)
      }
    }))
    await helper.setFlows([tab])
    assert.deepEqual(closed, [true])
  })

  it('a close that throws neither hangs nor escapes', async () => {
    await load(() => ({
      close() {
        throw new Error('no')
      }
    }))
    await helper.setFlows([tab])
  })

  it('a code fits the status', () => {
    assert.equal(statusText('CREDENTIALS_REQUIRED'), 'credentials required')
    assert.equal(statusText('FORBIDDEN_BY_SETTINGS').length, 20)
  })
})
