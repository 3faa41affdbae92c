import assert from 'node:assert/strict'
import { noFinders } from '../../../lib/update/foreign.js'
import { recorder } from '../../../nodes/delivery-metrics/records-of.js'
import type { Message } from '../../../nodes/shared/define-node.js'
import { deliveryOf, START, updateOf } from '../../lib/metrics/simulation.js'
import { workbench } from '../../lib/metrics/workbench.js'

describe('the record of a message', () => {
  const update = updateOf(1, START)
  const exchange = { model: 'pull', source: 'exchanged' }
  const fault = { fault: 'outage', from: START }
  const delivery = deliveryOf(update, START + 5)

  for (const [first, message] of [
    ['delivery', { update, fault, fleet: {}, exchange, delivery }],
    ['exchange', { update, fault, fleet: {}, exchange, delivery: null }],
    ['fleet', { update, fault, fleet: {} }],
    ['fault', { update, fault }],
    ['update', { update }]
  ] as const)
    it(`is exactly one: ${first} before what comes after it`, async () => {
      const { metrics, clock } = workbench()
      const record = recorder({ metrics, clock, finders: noFinders, laneOf: () => 'mine' })
      await record(message as unknown as Message)
      const { lanes, streams } = metrics.report()
      const { updates, faults } = metrics.eventsAfter(0)
      assert.deepEqual(
        [lanes.map(({ source }) => source), streams.some(({ origin }) => origin !== null)],
        [first === 'delivery' ? ['push'] : first === 'exchange' ? ['exchanged'] : [], first === 'update']
      )
      assert.deepEqual(
        [updates.length, faults.length],
        [first === 'update' ? 1 : 0, first === 'fault' ? 1 : 0]
      )
    })
})
