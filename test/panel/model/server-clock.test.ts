import assert from 'node:assert/strict'
import { ServerClock } from '../../../panel/model/server-clock.js'

const at = (clock: ServerClock, monotonic: number): number => Math.round(clock.now(monotonic) ?? Number.NaN)

describe('the clock of the server', () => {
  it('goes by the answer that came soonest', () => {
    const clock = new ServerClock()
    assert.equal(clock.now(0), null)
    clock.answered(1_000_000, 100)
    clock.answered(1_000_500, 650)
    assert.equal(at(clock, 1100), 1_000_999)
  })

  it('is not set back by one slow answer, but by two', () => {
    const clock = new ServerClock()
    clock.answered(1_000_000, 0)
    clock.answered(1_000_500, 3000)
    assert.ok(at(clock, 3000) > 1_002_990)
    clock.answered(1_003_400, 3500)
    assert.ok(at(clock, 3500) > 1_003_490)
    clock.answered(400_000, 4000)
    clock.answered(400_500, 4500)
    assert.equal(at(clock, 4500), 400_500)
  })

  it('is set forward at once: no answer comes early', () => {
    const clock = new ServerClock()
    clock.answered(1_000_000, 0)
    clock.answered(5_000_000, 500)
    assert.equal(at(clock, 500), 5_000_000)
  })
})
