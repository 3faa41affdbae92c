import assert from 'node:assert/strict'
import { NO_TOTALS, type SourceTotals } from '../../../lib/update/exchange.js'
import { type Traffic, watchTraffic } from '../../../lib/update/traffic.js'
import { FakeClock } from '../../helpers/fake-clock.js'

function watched() {
  const clock = new FakeClock()
  let totals = NO_TOTALS
  const told: Traffic[] = []
  const watch = watchTraffic({ clock, totals: () => totals, onTraffic: traffic => told.push(traffic) })
  const add = (more: Partial<SourceTotals>) => {
    totals = { ...totals, ...more }
  }
  return { clock, watch, told, add }
}

describe('traffic between exchanges', () => {
  it('is told at most once a second, with what is new since the last time', () => {
    const { clock, told, add, watch } = watched()
    for (let n = 1; n <= 100; n += 1) {
      add({ updates: n, bytesReceived: 300 * n })
      clock.advance(30)
    }
    assert.equal(told.length, 3)
    assert.equal(told[0]?.updates, 34)
    assert.equal(
      told.reduce((sum, traffic) => sum + traffic.bytesReceived, 0),
      300 * 100
    )
    assert.equal(told[1]?.startedAt, told[0]?.endedAt)
    watch.close()
  })

  it('is not told while nothing changes, nor again after another exchange told it', () => {
    const { clock, told, add, watch } = watched()
    clock.advance(10_000)
    assert.equal(told.length, 0)
    add({ updates: 1 })
    watch.told()
    clock.advance(10_000)
    assert.equal(told.length, 0)
    watch.close()
  })

  it('is told when flows have started although nothing changed', () => {
    const { told, watch } = watched()
    watch.tell()
    assert.equal(told.length, 1)
    assert.equal(told[0]?.bytesSent, 0)
    watch.close()
  })

  it('leaves no timer when closed', () => {
    const { clock, watch } = watched()
    clock.advance(3500)
    watch.close()
    assert.equal(clock.pending, 0)
  })
})
