import assert from 'node:assert/strict'
import { type ArrivalOptions, arrivals } from '../../../lib/workload/arrivals.js'
import { parseTimes } from '../../../lib/workload/times.js'

const defaults: ArrivalOptions = {
  arrivals: 'poisson',
  rate: 1,
  burstSize: 10,
  times: [],
  speed: 1,
  repeat: false,
  seed: 1
}

/** The first `count` offsets. */
function offsets(options: Partial<ArrivalOptions>, count: number): number[] {
  const schedule = arrivals({ ...defaults, ...options })
  const made: number[] = []
  for (let step = schedule.next(); !step.done && made.length < count; step = schedule.next())
    made.push(step.value.offsetMs)
  return made
}

const gapsOf = (instants: readonly number[]) => instants.slice(1).map((at, k) => at - (instants[k] ?? 0))
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const variation = (values: readonly number[]) => {
  const centre = mean(values)
  return Math.sqrt(mean(values.map(value => (value - centre) ** 2))) / centre
}

describe('arrivals', () => {
  it('periodic ones come at k · T, exactly, also the millionth', () => {
    assert.deepEqual(offsets({ arrivals: 'periodic', rate: 3 }, 4), [0, 1000 / 3, 2000 / 3, 1000])
    const far = offsets({ arrivals: 'periodic', rate: 3 }, 1_000_001).at(-1)
    assert.equal(far, 1_000_000 * (1000 / 3))
  })

  it('Poisson ones have exponential gaps of mean 1/rate', () => {
    const gaps = gapsOf(offsets({ rate: 20 }, 50_000))
    assert.ok(Math.abs(mean(gaps) - 50) < 1, `mean ${mean(gaps)}`)
    assert.ok(Math.abs(variation(gaps) - 1) < 0.03, `variation ${variation(gaps)}`)
    const share = gaps.filter(gap => gap > 50).length / gaps.length
    assert.ok(Math.abs(share - Math.exp(-1)) < 0.01, `share of gaps over the mean ${share}`)
  })

  it('the same seed gives the same instants, another seed others', () => {
    assert.deepEqual(offsets({ seed: 7 }, 100), offsets({ seed: 7 }, 100))
    assert.notDeepEqual(offsets({ seed: 7 }, 100), offsets({ seed: 8 }, 100))
  })

  it('bursts are burstSize updates at one instant, at the mean rate', () => {
    const made = offsets({ arrivals: 'bursts', burstSize: 5, rate: 10 }, 50_000)
    assert.equal(new Set(made.slice(0, 5)).size, 1)
    assert.equal(new Set(made).size, 10_000)
    const perSecond = made.length / ((made.at(-1) ?? 0) / 1000)
    assert.ok(Math.abs(perSecond - 10) < 0.3, `${perSecond} per second`)
  })

  it('replay keeps the gaps, divided by the speed', () => {
    const times = parseTimes([1_700_000_000_000, 1_700_000_060_000, 1_700_000_090_000])
    assert.deepEqual(offsets({ arrivals: 'replay', times, speed: 60 }, 9), [0, 1000, 1500])
  })

  it('replay with repeat begins again one mean gap after the last', () => {
    const times = parseTimes([0, 1000, 4000])
    assert.deepEqual(
      offsets({ arrivals: 'replay', times, repeat: true }, 7),
      [0, 1000, 4000, 6000, 7000, 10000, 12000]
    )
  })

  it('a lone or simultaneous recording repeats once a second, not in a flood', () => {
    assert.deepEqual(
      offsets({ arrivals: 'replay', times: parseTimes([5]), repeat: true }, 3),
      [0, 1000, 2000]
    )
    assert.deepEqual(
      offsets({ arrivals: 'replay', times: parseTimes([5, 5]), repeat: true }, 4),
      [0, 0, 1000, 1000]
    )
  })

  it('replay carries the recorded payloads, also null', () => {
    const times = parseTimes([{ time: 0, payload: null }, { time: 1, payload: { a: 1 } }, 2])
    const schedule = arrivals({ ...defaults, arrivals: 'replay', times })
    const items = [schedule.next(), schedule.next(), schedule.next()].map(step =>
      step.done ? 'ended' : step.value.item
    )
    assert.deepEqual(items, [{ payload: null }, { payload: { a: 1 } }, null])
  })
})
