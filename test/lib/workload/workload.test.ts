import assert from 'node:assert/strict'
import { parseTimes } from '../../../lib/workload/times.js'
import { startWorkload, type WorkloadOptions, type WorkloadUpdate } from '../../../lib/workload/workload.js'
import { FakeClock } from '../../helpers/fake-clock.js'

const defaults: WorkloadOptions = {
  arrivals: 'periodic',
  rate: 10,
  burstSize: 10,
  times: [],
  speed: 1,
  repeat: false,
  payloadBytes: 64,
  seed: 1,
  limit: null
}

function started(options: Partial<WorkloadOptions> = {}, onUpdate?: (update: WorkloadUpdate) => void) {
  const clock = new FakeClock(1000)
  const made: { at: number; dueAt: number; payload: unknown; speed: number | null }[] = []
  let ends = 0
  const workload = startWorkload(
    { ...defaults, ...options },
    {
      clock,
      onUpdate(update) {
        made.push({ at: clock.now(), ...update })
        onUpdate?.(update)
      },
      onEnd() {
        ends += 1
      }
    }
  )
  return { clock, made, workload, ends: () => ends }
}

/** A clock whose timers all fire `lateMs` late, as on a busy event loop. */
class LateClock extends FakeClock {
  lateMs = 0
  override at(instant: number, run: () => void) {
    return super.at(Math.max(instant, this.now()) + this.lateMs, run)
  }
}

describe('workload', () => {
  it('makes updates at t0 + k · T', () => {
    const { clock, made, workload } = started()
    clock.advance(350)
    assert.deepEqual(
      made.map(({ at }) => at),
      [1000, 1100, 1200, 1300]
    )
    assert.equal(workload.count, 4)
    assert.equal(workload.state, 'running')
  })

  it('does not drift: late timers leave the intended instants alone', () => {
    const clock = new LateClock(1000)
    clock.lateMs = 7
    const due: number[] = []
    const lags: number[] = []
    const workload = startWorkload(defaults, {
      clock,
      onUpdate({ dueAt }) {
        due.push(dueAt)
        lags.push(clock.now() - dueAt)
      },
      onEnd() {}
    })
    clock.advance(100_000)
    assert.equal(due.length, 1000)
    assert.deepEqual(due.slice(-2), [1000 + 998 * 100, 1000 + 999 * 100])
    assert.deepEqual(new Set(lags), new Set([7]))
    assert.equal(workload.lagMs, 7)
    workload.close()
  })

  it('catches up after a blocked event loop in order, a hundred a turn, and says how late each is', () => {
    const clock = new LateClock(1000)
    const turns: number[] = []
    const due: number[] = []
    clock.lateMs = 50_000
    const workload = startWorkload(defaults, {
      clock,
      onUpdate({ dueAt }) {
        due.push(dueAt)
        turns.push(clock.now())
      },
      onEnd() {}
    })
    // the first turn comes 50 s late, the following ones at once
    clock.lateMs = 1
    clock.advance(50_000)
    assert.equal(due.length, 100)
    assert.ok(workload.lagMs > 40_000)
    clock.advance(10)
    assert.ok(due.length > 500)
    const perTurn = turns.reduce((counts, at) => counts.set(at, (counts.get(at) ?? 0) + 1), new Map())
    assert.ok(Math.max(...perTurn.values()) <= 100)
    assert.deepEqual(
      due,
      due.map((_, k) => 1000 + k * 100)
    )
    workload.close()
  })

  it('an early timer does not skip the update it was set for', () => {
    let run: (() => void) | undefined
    let now = 1000
    const seen: number[] = []
    const workload = startWorkload(defaults, {
      clock: {
        now: () => now,
        at(_, callback) {
          run = callback
          return () => {}
        }
      },
      onUpdate: ({ dueAt }) => seen.push(now - dueAt),
      onEnd() {}
    })
    for (const at of [1000, 1099.2, 1199.4]) {
      now = at
      run?.()
    }
    assert.deepEqual(
      seen.map(lag => Math.round(lag * 10) / 10),
      [0, -0.8, -0.6]
    )
    workload.close()
  })

  it('a burst goes out in one turn, however large', () => {
    const clock = new LateClock(1000)
    clock.lateMs = 1
    const at: number[] = []
    const workload = startWorkload(
      { ...defaults, arrivals: 'bursts', burstSize: 5000, rate: 1000 },
      { clock, onUpdate: () => at.push(clock.now()), onEnd() {} }
    )
    while (at.length === 0) clock.advance(100)
    assert.equal(new Set(at.slice(0, 5000)).size, 1)
    assert.equal(at.length % 5000, 0)
    workload.close()
  })

  it('a pause moves the schedule on by its length', () => {
    const { clock, made, workload } = started()
    clock.advance(130)
    workload.pause()
    workload.pause()
    assert.equal(workload.state, 'paused')
    clock.advance(5000)
    assert.equal(made.length, 2)
    workload.resume()
    workload.resume()
    clock.advance(69)
    assert.equal(made.length, 2)
    clock.advance(1)
    assert.deepEqual(made.at(-1)?.dueAt, 1000 + 200 + 5000)
    clock.advance(100)
    assert.equal(made.length, 4)
    assert.equal(clock.pending, 1)
  })

  it('may be paused and resumed within its own update', () => {
    let again: () => void = () => {}
    const { clock, made, workload } = started({}, () => again())
    again = () => {
      workload.pause()
      workload.resume()
    }
    clock.advance(1000)
    assert.equal(made.length, 11)
    assert.equal(clock.pending, 1)
  })

  it('ends after its limit, also within a burst', () => {
    const { clock, made, workload, ends } = started({ arrivals: 'bursts', burstSize: 10, limit: 25 })
    clock.advance(1_000_000)
    assert.equal(made.length, 25)
    assert.equal(workload.state, 'ended')
    assert.equal(ends(), 1)
    assert.equal(clock.pending, 0)
  })

  it('a replay ends with its recording and says its speed; others have none', () => {
    const times = parseTimes([{ time: 0, payload: 'a' }, 60_000])
    const { clock, made, ends } = started({ arrivals: 'replay', times, speed: 60 })
    clock.advance(1000)
    assert.deepEqual(
      made.map(({ at, speed }) => [at, speed]),
      [
        [1000, 60],
        [2000, 60]
      ]
    )
    assert.equal(made[0]?.payload, 'a')
    assert.deepEqual(Object.keys(made[1]?.payload ?? {}), ['n', 'value', 'pad'])
    assert.equal(ends(), 1)
    const periodic = started()
    periodic.clock.advance(10)
    assert.equal(periodic.made[0]?.speed, null)
  })

  it('leaves no timer behind when closed, also paused, also from its own update', () => {
    const running = started()
    running.workload.close()
    running.workload.close()
    assert.equal(running.clock.pending, 0)
    const paused = started()
    paused.workload.pause()
    paused.workload.close()
    paused.workload.resume()
    assert.equal(paused.clock.pending, 0)
    let close: () => void = () => {}
    const inside = started({}, () => close())
    close = () => inside.workload.close()
    inside.clock.advance(1000)
    assert.equal(inside.made.length, 1)
    assert.equal(inside.clock.pending, 0)
    assert.equal(inside.ends(), 0)
  })
})
