import assert from 'node:assert/strict'
import { adaptInterval } from '../../../lib/poll/adaptive.js'
import { Schedule } from '../../../lib/poll/schedule.js'
import { FakeClock } from '../../helpers/fake-clock.js'
import { seededRandom } from '../../helpers/random.js'

describe('the schedule of polls', () => {
  const open = (random: () => number, jitter = 0, intervalMs = 1000) => {
    const clock = new FakeClock(0)
    const ticks: number[] = []
    const missed: number[] = []
    const schedule = new Schedule({
      clock,
      random,
      intervalMs,
      jitter,
      onTick: (dueAt, count) => {
        ticks.push(dueAt)
        missed.push(count)
      }
    })
    return { clock, ticks, missed, schedule }
  }

  it('ticks at once, then at t0 + φ + kT without drift', () => {
    const { clock, ticks, schedule } = open(() => 0.25)
    schedule.start()
    clock.advance(100_000)
    assert.deepEqual(ticks.slice(0, 4), [0, 250, 1250, 2250])
    assert.equal(ticks.length, 101)
    assert.equal(ticks.at(-1), 99_250)
    schedule.stop()
    assert.equal(clock.pending, 0)
  })

  it('draws φ uniformly in [0, T), once per start', () => {
    const random = seededRandom(7)
    const phases = Array.from({ length: 400 }, () => {
      const { clock, ticks, schedule } = open(random)
      schedule.start()
      clock.advance(1000)
      return ticks[1] ?? Number.NaN
    })
    assert.ok(phases.every(phase => phase >= 0 && phase < 1000))
    const mean = phases.reduce((sum, phase) => sum + phase, 0) / phases.length
    assert.ok(Math.abs(mean - 500) < 50, `mean ${mean}`)
  })

  it('adds jitter that does not cumulate and never changes the order', () => {
    const { clock, ticks, schedule } = open(seededRandom(3), 1)
    schedule.start()
    clock.advance(1_000_000)
    const phase = (ticks[1] ?? 0) % 1000
    assert.ok(Math.abs((ticks.length - 1) / 1000 - 1) < 0.01)
    assert.ok(ticks.every((tick, index) => index === 0 || tick >= (ticks[index - 1] ?? 0)))
    assert.ok(new Set(ticks.map(tick => Math.round(tick % 1000))).size > 300, `all near ${phase}`)
  })

  it('counts ticks that a busy thread missed, and stays on its grid', () => {
    const { clock, ticks, missed, schedule } = open(() => 0)
    const late = { now: 0 }
    const slow = new Schedule({
      clock: { now: () => late.now, at: (instant, run) => clock.at(instant, run) },
      random: () => 0,
      intervalMs: 1000,
      jitter: 0,
      onTick: (dueAt, count) => {
        ticks.push(dueAt)
        missed.push(count)
      }
    })
    slow.start()
    late.now = 3400
    clock.advanceTo(0)
    late.now = 4000
    clock.advanceTo(4000)
    assert.deepEqual(ticks, [0, 3000, 4000])
    assert.deepEqual(missed, [0, 3, 0])
    slow.stop()
    schedule.stop()
  })

  it('adapts from its last tick on', () => {
    const { clock, ticks, schedule } = open(() => 0)
    schedule.start()
    clock.advance(1000)
    schedule.adapt(3000)
    clock.advance(3000)
    schedule.adapt(500)
    clock.advance(500)
    assert.deepEqual(ticks, [0, 0, 1000, 4000, 4500])
    schedule.stop()
  })

  it('adds on nothing new, halves on an update, and keeps within its bounds', () => {
    const bounds = { minIntervalMs: 1000, maxIntervalMs: 7000 }
    assert.equal(adaptInterval(5000, 'empty', bounds), 6000)
    assert.equal(adaptInterval(6500, 'empty', bounds), 7000)
    assert.equal(adaptInterval(5000, 'updated', bounds), 2500)
    assert.equal(adaptInterval(1500, 'updated', bounds), 1000)
    assert.equal(adaptInterval(5000, 'error', bounds), 5000)
  })
})
