import assert from 'node:assert/strict'
import fc from 'fast-check'
import { MissingSequences } from '../../../lib/metrics/sequence.js'
import { START } from './simulation.js'
import { pull, workbench } from './workbench.js'

/** Updates 1 … n of one epoch in any order, some lost, some more than once. */
const arrivals = fc
  .array(fc.record({ copies: fc.integer({ min: 0, max: 3 }), order: fc.integer({ min: 0, max: 1000 }) }), {
    minLength: 1,
    maxLength: 40
  })
  .map(fates =>
    fates
      .flatMap(({ copies, order }, index) =>
        Array.from({ length: copies }, (_, copy) => ({ sequence: index + 1, order: order + copy * 17 }))
      )
      .sort((a, b) => a.order - b.order || a.sequence - b.sequence)
      .map(({ sequence }) => sequence)
  )

describe('missing sequence numbers', () => {
  it('are each taken once, whatever the order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 9 })), {
          maxLength: 12
        }),
        fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 60 }),
        (gaps, taken) => {
          const missing = new MissingSequences()
          const left = new Set<number>()
          let next = 1
          for (const [skipped, count] of gaps) {
            next += skipped
            missing.add('e', next, count)
            for (let at = next; at < next + count; at += 1) left.add(at)
            next += count
          }
          for (const sequence of taken) {
            assert.equal(missing.take({ epoch: 'other', sequence }), false)
            assert.equal(missing.take({ epoch: 'e', sequence }), left.delete(sequence))
          }
        }
      )
    )
  })
})

describe('the accounting of a lane', () => {
  const run = (order: readonly number[], read: 'push' | 'latest' | 'log', known: number) => {
    const { generate, deliver, lane, at } = workbench()
    for (let sequence = 1; sequence <= known; sequence += 1) generate(sequence, sequence)
    const made = Math.max(known, ...order)
    for (let sequence = known + 1; sequence <= made; sequence += 1) generate(sequence, sequence)
    const { update } = workbench()
    const source = read === 'push' ? {} : { ...pull, read, sourceName: 'push', source: 'push' }
    for (const [index, sequence] of order.entries())
      deliver(update(sequence, sequence), made + index, { ...source, since: START })
    at(made + order.length + 1)
    return { made, report: lane('push') }
  }

  it('gives every update one fate: generated = delivered + superseded + lost + pending', () => {
    fc.assert(
      fc.property(
        arrivals.filter(order => order.length > 0),
        fc.constantFrom('push' as const, 'latest' as const, 'log' as const),
        fc.integer({ min: 0, max: 45 }),
        (order, read, known) => {
          const { made, report } = run(order, read, known)
          const { generated, delivered, superseded, lost, pending, duplicate, outOfOrder } = report.updates
          const newest = Math.max(...order)
          const distinct = new Set(order)
          assert.equal(generated, made)
          assert.equal(pending, made - newest)
          // each counts once, however late it comes; what never came is superseded or lost
          assert.equal(delivered, distinct.size)
          const missed = newest - distinct.size
          assert.deepEqual([superseded, lost], read === 'latest' ? [missed, 0] : [0, missed])
          assert.equal(duplicate, order.length - distinct.size)
          let held = 0
          let late = 0
          const seen = new Set<number>()
          for (const sequence of order) {
            if (sequence < held && !seen.has(sequence)) late += 1
            seen.add(sequence)
            held = Math.max(held, sequence)
          }
          assert.equal(outOfOrder, late)
          // a latency for every update that is held or replaced, and for none else
          assert.equal(report.latencyMs?.count, newest)
          assert.equal(report.latencyDeliveredMs?.count, distinct.size)
        }
      ),
      { numRuns: 200 }
    )
  })
})
