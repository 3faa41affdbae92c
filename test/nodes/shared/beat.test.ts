import assert from 'node:assert/strict'
import { performance } from 'node:perf_hooks'
import { untilBeat } from '../../../nodes/shared/beat.js'

describe('the beat that nodes share', () => {
  it('is one instant for all who wait for it, never further away than its period', () => {
    const instants = [0, 1, 2].map(() => {
      const before = performance.now()
      const wait = untilBeat(60_000)
      assert.ok(wait > 0 && wait <= 60_000)
      return Math.round((before + wait) / 1000)
    })
    assert.equal(new Set(instants).size, 1)
    assert.equal((instants[0] ?? 1) % 60, 0)
  })
})
