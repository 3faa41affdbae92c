import assert from 'node:assert/strict'
import fc from 'fast-check'
import { compareUpdates, isEpoch, newEpoch, parseUpdateId, updateId } from '../../../lib/update/identity.js'

const now = Date.UTC(2026, 4, 1)

describe('identity of an update', () => {
  it('an epoch is 11 base-36 digits of µs and 4 random ones, and sorts by start', () => {
    const epoch = newEpoch(now, () => 0.5)
    assert.match(epoch, /^[0-9a-z]{15}$/)
    assert.equal(Number.parseInt(epoch.slice(0, 11), 36), now * 1000)
    assert.equal(isEpoch(epoch), true)
    assert.equal(isEpoch(`${epoch}x`), false)
    assert.ok(newEpoch(now + 0.001, () => 0) > newEpoch(now, () => 0.9999))
    assert.equal(newEpoch(now, () => 0.9999999).length, 15)
    assert.equal(
      newEpoch(0, () => 0),
      '000000000000000'
    )
  })

  it('an id is read back as it was made, also beyond 12 digits', () => {
    const epoch = newEpoch(now, () => 0.5)
    fc.assert(
      fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), sequence => {
        assert.deepEqual(parseUpdateId(updateId(epoch, sequence)), { epoch, sequence })
      }),
      { seed: 1 }
    )
    assert.equal(updateId(epoch, 7), `${epoch}-000000000007`)
  })

  it('other ids are none of ours', () => {
    for (const id of [
      '',
      'uw61345682',
      'abc-000000000001',
      `${newEpoch(now, () => 0)}-1`,
      `${'A'.repeat(15)}-000000000001`
    ])
      assert.equal(parseUpdateId(id), null, id)
  })

  it('order is by epoch, then by sequence', () => {
    const older = { epoch: 'a', sequence: 9 }
    assert.ok(compareUpdates(older, { epoch: 'b', sequence: 1 }) < 0)
    assert.ok(compareUpdates({ epoch: 'b', sequence: 1 }, older) > 0)
    assert.ok(compareUpdates({ epoch: 'a', sequence: 10 }, older) > 0)
    assert.equal(compareUpdates(older, { ...older }), 0)
  })
})
