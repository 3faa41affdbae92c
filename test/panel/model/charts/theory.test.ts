import assert from 'node:assert/strict'
import type { LaneReport } from '../../../../lib/metrics/report.js'
import { theoryCurves, theoryFigures, theoryOverlays } from '../../../../panel/model/charts/theory.js'
import { laneKey } from '../../../../panel/model/lane-key.js'

const lane = { source: 's', model: 'pull', stream: 'updates' } as const
const texts = { measured: 'mean', agrees: 'agrees', differs: 'differs' }
const duration = (ms: number) => `${ms} ms`
const figures = (predicted: number | null, mean: readonly [number, number] | null, plusMinus = 10) =>
  theoryFigures(
    {
      latencyMs: { mean: 2520, ci95: { mean, p50: null, p99: null } } as LaneReport['latencyMs'],
      theory: { latencyMeanMs: predicted, plusMinus } as LaneReport['theory']
    },
    { duration },
    texts
  )

describe('theory beside what was measured', () => {
  it('is drawn over the lanes of which it says something, in their colours', () => {
    const curves = {
      now: 0,
      atMs: [1, 10],
      lanes: [{ ...lane, all: null, delivered: null, theory: [0, 1] }]
    }
    const shown = theoryCurves(
      [
        { key: laneKey(lane), colour: '#123456' },
        { key: 'other', colour: '#ffffff' }
      ],
      curves
    )
    const [overlay, ...others] = theoryOverlays(shown)
    assert.deepEqual(others, [])
    assert.equal(overlay?.colour, '#123456')
    assert.deepEqual(overlay?.points, [
      [1, 0],
      [10, 1]
    ])
  })

  it('agrees within the interval of confidence and its own error', () => {
    assert.deepEqual(figures(2500, [2400, 2600]), [
      { label: 'mean', value: '2520 ms' },
      { label: 'agrees', value: '2500 ms\u00a0±\u00a010 ms' }
    ])
    assert.equal(figures(2391, [2400, 2600])[1]?.label, 'agrees')
    assert.equal(figures(2389, [2400, 2600])[1]?.label, 'differs')
    assert.equal(figures(2611, [2400, 2600])[1]?.label, 'differs')
  })

  it('says nothing without an interval of confidence, or without a prediction', () => {
    assert.deepEqual(figures(2500, null), [])
    assert.deepEqual(figures(null, [2400, 2600]), [])
    assert.deepEqual(theoryFigures({}, { duration }, texts), [])
  })
})
