import assert from 'node:assert/strict'
import { readDelivery } from '../../../lib/metrics/records.js'
import { START, updateOf } from './simulation.js'
import { workbench } from './workbench.js'

describe('a figure that cannot be known', () => {
  /** Not measured yet, or not a figure of this model. */
  const elsewhere =
    /^(outages|fleet|theory|clock|server|trigger|intervalMs|waitMs|qos|since|matchedBy|scheduleLagMs|previous|flags|.*\.ci95)/

  /** Paths of everything that is null. */
  function unknown(value: unknown, path = ''): string[] {
    if (value === null) return [path]
    if (typeof value !== 'object' || Array.isArray(value)) return []
    return Object.entries(value as object).flatMap(([key, inner]) =>
      unknown(inner, path ? `${path}.${key}` : key)
    )
  }

  for (const [name, records] of [
    [
      'alone, foreign, with times',
      [
        { id: 'a', generatedAt: START },
        { id: 'b', generatedAt: START + 5 }
      ]
    ],
    ['alone, foreign, without anything', [{}, {}]],
    [
      'of a log, foreign, without times',
      [
        { read: 'log', id: 'a' },
        { read: 'log', id: 'b' }
      ]
    ],
    [
      'that skipped updates of an origin that is not wired',
      [1, 5].map(sequence => ({ ...updateOf(sequence, START + sequence) }))
    ]
  ] as const)
    it(`is null, and a flag says why: a lane ${name}`, () => {
      const { metrics, at, lane } = workbench()
      for (const [index, record] of records.entries()) {
        at(10 + index)
        const facts = { model: 'pull', source: 'poll', sourceName: 'poll', since: START, ...record }
        metrics.delivery(readDelivery(facts, 't', START + 10 + index, null))
      }
      const found = lane('poll', 20_000)
      const spoilt = found.flags.flatMap(({ spoils }) => spoils)
      const unexplained = unknown(found).filter(
        path => !elsewhere.test(path) && !spoilt.some(part => path === part || path.startsWith(`${part}.`))
      )
      assert.deepEqual(unexplained, [])
    })
})
