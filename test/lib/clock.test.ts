import assert from 'node:assert/strict'
import { once } from 'node:events'
import { getEnvironmentData, setEnvironmentData, Worker } from 'node:worker_threads'
import { ANCHOR, delay, systemClock } from '../../lib/clock.js'
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

  /** What a thread that starts now takes for the time, and what we do: before it was asked and after. */
  async function threadTime(): Promise<readonly [before: number, found: number, after: number]> {
    const thread = new Worker(new URL('./clock-thread.js', import.meta.url))
    await once(thread, 'online')
    const clock = systemClock()
    const before = clock.now()
    thread.postMessage('now')
    const [found] = (await once(thread, 'message')) as [number]
    const after = clock.now()
    await thread.terminate()
    return [before, found, after]
  }

  it('is the same in every thread, to a hundredth of a millisecond', async () => {
    const [before, found, after] = await threadTime()
    assert.ok(before - 0.01 <= found && found <= after + 0.01, `${before} ${found} ${after}`)
  })

  it('is the process’s own, and not the wall clock, for a thread that starts after somebody set that', async () => {
    const anchor = getEnvironmentData(ANCHOR) as number
    // as if the process had found another wall clock when it began
    setEnvironmentData(ANCHOR, anchor - 60_000)
    const [before, found, after] = await threadTime()
    setEnvironmentData(ANCHOR, anchor)
    assert.ok(before - 60_001 <= found && found <= after - 59_999, `${found - before}`)
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
