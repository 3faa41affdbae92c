import assert from 'node:assert/strict'
import { preferWait } from '../../../lib/poll/reading.js'

describe('the wait that a long poll prefers', () => {
  it('is whole seconds, never less than the hold, and nothing without a hold', () => {
    const waits = [30_000, 1, 1000, 1001, 59_999].map(holdMs => preferWait(holdMs).prefer)
    assert.deepEqual(waits, ['wait=30', 'wait=1', 'wait=1', 'wait=2', 'wait=60'])
    assert.deepEqual(preferWait(0), {})
  })
})
