import assert from 'node:assert/strict'
import { delay, systemClock } from '../../lib/clock.js'
import { FakeClock } from '../helpers/fake-clock.js'

describe('system clock', () => {
  it('is an epoch with a fraction that never goes backwards', () => {
    const clock = systemClock()
    assert.ok(Math.abs(clock.now() - Date.now()) < 2000)
    let before = clock.now()
    let fractions = 0
    for (let k = 0; k < 10_000; k += 1) {
      const now = clock.now()
      assert.ok(now >= before)
      if (!Number.isInteger(now)) fractions += 1
      before = now
    }
    assert.ok(fractions > 0)
  })

  it('runs once, not before its instant but for a millisecond', async () => {
    const clock = systemClock()
    const due = clock.now() + 20
    let runs = 0
    const at = await new Promise<number>(resolve => {
      clock.at(due, () => {
        runs += 1
        resolve(clock.now())
      })
    })
    assert.ok(at >= due - 1, `${at - due}`)
    assert.equal(runs, 1)
  })

  it('runs what is overdue as soon as possible', async () => {
    const clock = systemClock()
    await new Promise<void>(resolve => clock.at(clock.now() - 1000, resolve))
  })

  it('does not run what was cancelled, and cancels twice without harm', async () => {
    const clock = systemClock()
    let runs = 0
    const cancel = clock.at(clock.now() + 5, () => {
      runs += 1
    })
    cancel()
    cancel()
    await new Promise<void>(resolve => clock.at(clock.now() + 20, resolve))
    assert.equal(runs, 0)
  })

  it('waits longer than one timer can: a delay over 2^31 ms does not fire at once', async () => {
    const clock = systemClock()
    let early = false
    const cancel = clock.at(clock.now() + 2 ** 32, () => {
      early = true
    })
    await new Promise<void>(resolve => clock.at(clock.now() + 20, resolve))
    cancel()
    assert.equal(early, false)
  })
})

describe('delay', () => {
  it('resolves after its time', async () => {
    const clock = new FakeClock()
    let over = false
    const waited = delay(clock, 100).then(() => {
      over = true
    })
    await clock.advanceAsync(99)
    assert.equal(over, false)
    await clock.advanceAsync(1)
    await waited
    assert.equal(over, true)
  })

  it('rejects with the reason when aborted, before or during, and leaves no timer', async () => {
    const clock = new FakeClock()
    const reason = new Error('enough')
    await assert.rejects(delay(clock, 100, AbortSignal.abort(reason)), reason)
    const abort = new AbortController()
    const waited = delay(clock, 100, abort.signal)
    abort.abort(reason)
    await assert.rejects(waited, reason)
    assert.equal(clock.pending, 0)
  })
})
