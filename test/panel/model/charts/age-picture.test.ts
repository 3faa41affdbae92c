import assert from 'node:assert/strict'
import type { Flag } from '../../../../lib/metrics/report.js'
import { numberTexts } from '../../../../lib/number-texts.js'
import {
  type AgeLane,
  type AgeOptions,
  agePicture,
  ageRows
} from '../../../../panel/model/charts/age-picture.js'
import { wantsLog } from '../../../../panel/model/charts/age-scale.js'
import { flagOn, laneReportWith } from '../lane-reports.js'

const numbers = numberTexts('en-US')
const lane = (generated: number | null, mean: number | null, over = {}): AgeLane => ({
  key: 'a',
  report: laneReportWith({ ageMs: { now: null, mean, peakMean: null, max: null }, ...over }),
  colour: '#123456',
  dash: [4],
  held: { from: [0], generated: [generated ?? Number.NaN] }
})
const options: AgeOptions = {
  edge: 10_000,
  spanMs: 10_000,
  targets: [],
  log: null,
  wasLog: false,
  columns: 100,
  ticks: { x: 3, y: 5 },
  numbers,
  texts: { target: duration => `target ${duration}`, now: 'now' }
}
const texts = {
  at: 'now',
  mean: 'mean',
  unknown: '–',
  notKnown: (why: Flag | null) => `not known: ${why?.message ?? null}`
}
const plain = (text: string | undefined) => text?.replaceAll('\u00a0', ' ')

describe('the picture of age', () => {
  it('is linear from 0 to a round top, with time before now below it', () => {
    const { x, y, lines } = agePicture([lane(-100, null)], options)
    assert.deepEqual([y.min, y.max, y.log], [0, 15_000, false])
    assert.deepEqual(
      x.ticks.map(({ at, text }) => [at, plain(text)]),
      [
        [-10_000, '−10 s'],
        [-5000, '−5 s'],
        [0, 'now']
      ]
    )
    assert.deepEqual(lines, [{ colour: '#123456', dash: [4], values: [100, 10_100] }])
  })

  it('draws the mean of each lane dotted in its colour, and the target with its name', () => {
    const { overlays } = agePicture([lane(-100, 4000), lane(-100, null)], { ...options, targets: [9000] })
    assert.deepEqual(overlays, [
      {
        colour: '#123456',
        dash: [1, 4],
        points: [
          [-10_000, 4000],
          [0, 4000]
        ],
        label: null
      },
      {
        colour: null,
        dash: [6, 4],
        points: [
          [-10_000, 9000],
          [0, 9000]
        ],
        label: 'target 9\u00a0s'
      }
    ])
  })

  it('makes room for a target a little above every age, and does not go flat for one far above', () => {
    const near = agePicture([lane(0, null)], { ...options, targets: [20_000] })
    assert.deepEqual([near.y.max, near.overlays.length], [20_000, 1])
    const far = agePicture([lane(0, null)], { ...options, targets: [100_000] })
    assert.deepEqual([far.y.max, far.overlays.length], [10_000, 0])
  })

  it('shows a negative age', () => {
    const { y } = agePicture([lane(500, null)], options)
    assert.equal(y.min, -500)
  })

  it('becomes logarithmic where lanes are more than 50 times apart, or the reader wants it', () => {
    const far = [
      {
        ...lane(0, null),
        held: { from: [0, 100], generated: [-5, Number.NaN] }
      },
      lane(0, null)
    ]
    assert.equal(agePicture(far, options).y.log, true)
    assert.equal(agePicture(far, { ...options, log: false }).y.log, false)
    assert.equal(agePicture([lane(0, null)], { ...options, log: true }).y.log, true)
  })

  it('does not change its axis to and fro', () => {
    const lines = (peak: number) => ({ at: [0], ages: [[peak], [1000]], dense: false })
    assert.equal(wantsLog(lines(30), false), false)
    assert.equal(wantsLog(lines(30), true), true)
    assert.equal(wantsLog(lines(19), false), true)
    assert.equal(wantsLog(lines(41), true), false)
  })

  it('puts what is not above 0 at the bottom of a logarithmic axis', () => {
    const { y, lines } = agePicture([lane(0, null)], { ...options, log: true, columns: 4 })
    assert.equal(lines[0]?.values[0], y.min)
    assert.ok(y.min > 0)
    assert.deepEqual(lines[0]?.values.slice(1), [2500, 7500, 10_000])
  })

  it('leaves out the pattern of lines that only go up and down', () => {
    const from = Array.from({ length: 300 }, (_, step) => step * 30)
    const teeth = { ...lane(0, null), held: { from, generated: from } }
    assert.deepEqual(agePicture([teeth], options).lines[0]?.dash, [])
    assert.deepEqual(agePicture([teeth], { ...options, columns: 150 }).lines[0]?.dash, [4])
  })

  it('has an axis without any lane', () => {
    const { y, lines } = agePicture([], { ...options, targets: [1000] })
    assert.deepEqual([y.min, y.max, lines], [0, 1000, []])
  })
})

describe('ages below it', () => {
  const figures = (row: ReturnType<typeof ageRows>[number] | undefined) =>
    row?.figures.map(({ label, value }) => `${label} ${plain(value)}`)

  it('are written out with the mean', () => {
    assert.deepEqual(figures(ageRows([lane(4000, 2500)], 10_000, numbers, texts)[0]), [
      'now 6 s',
      'mean 2.5 s'
    ])
  })

  it('say why nothing is known', () => {
    const flags = [flagOn('NO_GENERATION_TIME', 'ageMs')]
    const [unknown, waiting] = ageRows([lane(null, null, { flags }), lane(null, null)], 0, numbers, texts)
    assert.deepEqual([unknown?.figures, unknown?.note], [[], 'not known: words of NO_GENERATION_TIME'])
    assert.equal(waiting?.note, 'not known: null')
  })

  it('leave out only what is not known', () => {
    assert.deepEqual(figures(ageRows([lane(null, 2500)], 0, numbers, texts)[0]), ['now –', 'mean 2.5 s'])
  })
})
