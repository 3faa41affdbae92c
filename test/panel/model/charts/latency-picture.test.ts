import assert from 'node:assert/strict'
import type { Curves } from '../../../../lib/metrics/curves.js'
import { numberTexts } from '../../../../lib/number-texts.js'
import {
  type LatencyRowTexts,
  latencyLanes,
  latencyPicture,
  latencyRows
} from '../../../../panel/model/charts/latency-picture.js'
import { laneKey } from '../../../../panel/model/lane-key.js'
import { distributionOf, flagOn, laneReportWith } from '../lane-reports.js'

const numbers = numberTexts('en-US')
const push = laneReportWith({
  source: 'push',
  name: 'pushed',
  model: 'push',
  latencyMs: distributionOf(368, 2, 9),
  latencyDeliveredMs: distributionOf(367, 1.9, 8)
})
const pull = laneReportWith({ source: 'pull', name: 'polled', latencyMs: distributionOf(41, 500, 990) })
const dark = laneReportWith({
  source: 'dark',
  name: 'foreign',
  flags: [flagOn('TOO_FEW', 'latencyMs.p99'), flagOn('NO_GENERATION_TIME', 'latencyMs', 'ageMs')]
})
const lanes = [push, pull, dark].map((report, place) => ({
  key: laneKey(report),
  report,
  colour: `#${place}`,
  dash: []
}))
const curves: Curves = {
  now: 0,
  atMs: [1, 10, 100, 1000],
  lanes: [
    {
      source: 'push',
      model: 'push',
      stream: 's',
      all: [0, 1, 1, 1],
      delivered: [0.5, 1, 1, 1],
      theory: null
    },
    { source: 'pull', model: 'pull', stream: 's', all: [0, 0, 0.1, 1], delivered: null, theory: null },
    { source: 'dark', model: 'pull', stream: 's', all: null, delivered: null, theory: null }
  ]
}
const options = {
  targets: [50],
  overlays: [],
  ticks: { x: 8, y: 8 },
  numbers,
  targetText: (duration: string) => `target ${duration}`
}
const texts: LatencyRowTexts = {
  p50: 'p50',
  p99: 'p99',
  within: duration => `≤ ${duration}`,
  tooFew: (wanted, have) => `p99 after ${wanted} updates, ${have} so far`,
  notKnown: why => `not known: ${why?.message ?? null}`
}
const plain = (text: string) => text.replaceAll('\u00a0', ' ')

describe('the picture of latency', () => {
  it('draws the curves that are known, in the order of the lanes', () => {
    const { at, lines } = latencyPicture(latencyLanes(lanes, curves, false), options)
    assert.deepEqual(at, [1, 10, 100, 1000])
    assert.deepEqual(lines, [
      { colour: '#0', dash: [], values: [0, 1, 1, 1] },
      { colour: '#1', dash: [], values: [0, 0, 0.1, 1] }
    ])
  })

  it('draws the delivered ones when they are asked for', () => {
    const { lines } = latencyPicture(latencyLanes(lanes, curves, true), options)
    assert.deepEqual(lines, [{ colour: '#0', dash: [], values: [0.5, 1, 1, 1] }])
  })

  it('shows the range in use on a logarithmic axis, with the target across it', () => {
    const { x, y, overlays } = latencyPicture(latencyLanes(lanes, curves, false), options)
    assert.deepEqual([x.min, x.max, x.log, y.min, y.max, y.log], [1, 1000, true, 0, 1, false])
    assert.deepEqual(
      x.ticks.map(({ text }) => plain(text)),
      ['1 ms', '10 ms', '100 ms', '1 s']
    )
    assert.deepEqual(overlays, [
      {
        colour: null,
        dash: [6, 4],
        points: [
          [50, 0],
          [50, 1]
        ],
        label: 'target 50\u00a0ms'
      }
    ])
  })

  it('marks p50 on every curve, and p99 only from 368 updates on', () => {
    const { marks } = latencyPicture(latencyLanes(lanes, curves, false), options)
    const close = (x: number, wanted: number) => assert.ok(Math.abs(x - wanted) < 1e-9, `${x}`)
    assert.deepEqual(
      marks.map(({ y, colour, shape }) => [y, colour, shape]),
      [
        [0.5, '#0', 'disc'],
        [0.99, '#0', 'diamond'],
        [0.5, '#1', 'disc']
      ]
    )
    close(marks[0]?.x ?? 0, 10 ** 0.5)
    close(marks[1]?.x ?? 0, 10 ** 0.99)
    close(marks[2]?.x ?? 0, 100 * 10 ** (4 / 9))
  })

  it('takes curves of theory over the measured ones', () => {
    const theory = {
      colour: '#1',
      dash: [4, 4],
      points: [
        [1, 0],
        [1000, 1]
      ] as const,
      label: 'theory'
    }
    const { overlays } = latencyPicture(latencyLanes(lanes, curves, false), {
      ...options,
      overlays: [theory]
    })
    assert.equal(overlays.at(-1), theory)
  })

  it('has an axis before anything is known', () => {
    const { x, at, lines } = latencyPicture(latencyLanes(lanes, null, false), { ...options, targets: [] })
    assert.deepEqual([x.min, x.max, at, lines], [0.1, 3_600_000, [0.1, 3_600_000], []])
  })
})

describe('percentiles below it', () => {
  it('are written out with what is missing, and why', () => {
    const rows = latencyRows(latencyLanes(lanes, curves, false), null, 'latencyMs', numbers, texts)
    assert.deepEqual(
      rows.map(({ name, figures, note }) => [
        name,
        figures.map(({ label, value }) => `${label} ${plain(value)}`),
        note
      ]),
      [
        ['pushed', ['p50 2 ms', 'p99 9 ms'], null],
        ['polled', ['p50 500 ms'], 'p99 after 368 updates, 41 so far'],
        ['foreign', [], 'not known: words of NO_GENERATION_TIME']
      ]
    )
  })

  it('tell the share within the latency at the cursor', () => {
    const rows = latencyRows(latencyLanes(lanes, curves, false), 100, 'latencyMs', numbers, texts)
    assert.deepEqual(
      rows.map(({ figures }) => [plain(figures[0]?.label ?? ''), figures[0]?.value]),
      [
        ['≤ 100 ms', '100%'],
        ['≤ 100 ms', '10%'],
        ['', undefined]
      ]
    )
  })

  it('count the delivered ones only when those are shown', () => {
    const rows = latencyRows(latencyLanes(lanes, curves, true), null, 'latencyDeliveredMs', numbers, texts)
    assert.equal(rows[0]?.note, 'p99 after 368 updates, 367 so far')
    assert.equal(rows[1]?.note, 'not known: null')
  })
})
