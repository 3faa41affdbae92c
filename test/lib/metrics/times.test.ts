import assert from 'node:assert/strict'
import { NO_FACTS } from '../../../lib/metrics/page/page-facts.js'
import { answerReport } from '../../../lib/metrics/report-formats.js'
import type { Ms } from '../../../lib/units.js'
import { parseTimes } from '../../../lib/workload/times.js'
import { startWorkload } from '../../../lib/workload/workload.js'
import { FakeClock } from '../../helpers/fake-clock.js'
import { workbench } from './workbench.js'

/** Uneven, with a burst, and as fine as our clocks are. */
const GAPS: readonly Ms[] = [12.5, 0, 0, 1800.125, 3, 250.75, 60_000, 1]

const gapsOf = (instants: readonly Ms[]): Ms[] =>
  instants.slice(1).map((instant, place) => instant - (instants[place] ?? 0))

describe('recorded instants', () => {
  const bench = workbench()
  let instant = 1000
  bench.generate(1, instant)
  for (const [place, gap] of GAPS.entries()) {
    instant += gap
    bench.generate(place + 2, instant)
  }
  const file = answerReport(bench.metrics, 'times', () => NO_FACTS)

  for (const speed of [1, 8])
    it(`are replayed by a workload with the same gaps, ${speed} times as fast`, () => {
      const clock = new FakeClock(5000)
      const due: number[] = []
      const workload = startWorkload(
        {
          arrivals: 'replay',
          rate: 1,
          burstSize: 1,
          times: parseTimes(file.payload),
          speed,
          repeat: false,
          payloadBytes: 64,
          seed: 1,
          limit: null
        },
        { clock, onUpdate: update => due.push(update.dueAt), onEnd: () => {} }
      )
      clock.advance(100_000)
      workload.close()
      assert.deepEqual(
        gapsOf(due).map(gap => gap * speed),
        GAPS
      )
    })

  it('are JSON, epoch ms in their order', () => {
    assert.equal(file.contentType, 'application/json')
    assert.equal((JSON.parse(file.payload as string) as number[]).length, GAPS.length + 1)
  })
})
