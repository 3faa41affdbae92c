import assert from 'node:assert/strict'
import type { EventLoopUtilization } from 'node:perf_hooks'
import { busyThread } from '../../../nodes/delivery-metrics/busy-thread.js'
import { FakeClock } from '../../helpers/fake-clock.js'

describe('how busy this thread is', () => {
  it('is unknown at first, then told of the last seconds only', () => {
    const clock = new FakeClock(0)
    let active = 0
    const measure = (now?: EventLoopUtilization, before?: EventLoopUtilization): EventLoopUtilization => {
      if (now && before) {
        const spent = now.active - before.active
        return { ...now, utilization: spent / (now.active + now.idle - before.active - before.idle) }
      }
      return { active, idle: clock.now() - active, utilization: 0 }
    }
    const share = busyThread(clock, measure as Parameters<typeof busyThread>[1])
    const second = (busyMs: number) => {
      clock.advance(1000)
      active += busyMs
      return share()
    }
    assert.deepEqual([second(0), second(0), second(0), second(0)], [null, null, null, null])
    for (let times = 0; times < 20; times += 1) second(100)
    assert.ok(Math.abs((second(100) ?? 0) - 0.1) < 0.001)
    for (let times = 0; times < 11; times += 1) second(900)
    assert.ok(Math.abs((second(900) ?? 0) - 0.9) < 0.001)
  })

  it('is measured', async () => {
    const clock = new FakeClock(0)
    const share = busyThread(clock)
    clock.advance(5000)
    await new Promise(resolve => setImmediate(resolve))
    const found = share()
    assert.ok(found !== null && found >= 0 && found <= 1)
  })
})
