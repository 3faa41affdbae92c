import assert from 'node:assert/strict'
import { figures } from '../../../../lib/metrics/figures.js'
import type { Report } from '../../../../lib/metrics/report.js'
import { numberTexts } from '../../../../lib/number-texts.js'
import {
  goneLanes,
  savedCurves,
  savedLaneOf,
  savedMedians,
  savedOverlays,
  savedText
} from '../../../../panel/model/saved/beside.js'
import { readSavedRun, type SavedRun } from '../../../../panel/model/saved/saved-run.js'
import { HOSTILE, richMetrics, richReport } from '../../../lib/metrics/rich-report.js'

const metrics = richMetrics()
const report = metrics.report(true)
const file = JSON.stringify(report)

function read(text: string): SavedRun {
  const run = readSavedRun(text)
  assert.ok(typeof run === 'object', String(run))
  return run
}

describe('a saved report', () => {
  it('comes back with every figure, and with the curves that the panel drew', () => {
    const run = read(file)
    const curves = metrics.curves()
    assert.equal(run.name, 'rich')
    assert.equal(run.endedAt, report.now)
    assert.equal(run.lanes.length, 3)
    for (const [place, lane] of report.lanes.entries()) {
      const saved = run.lanes[place]
      for (const figure of figures)
        assert.equal(saved?.values.get(figure.key) ?? null, figure.of(lane), `${lane.name} ${figure.key}`)
      assert.deepEqual(saved?.all?.shares, curves.lanes[place]?.all)
      assert.deepEqual(saved?.delivered?.shares, curves.lanes[place]?.delivered)
    }
  })

  it('has figures without curves when it was saved without histograms', () => {
    const [lane] = read(JSON.stringify(metrics.report())).lanes
    assert.equal(lane?.all, null)
    assert.ok((lane?.values.get('latencyMs.mean') ?? 0) > 0)
  })

  const with_ = (change: (copy: { [key: string]: never }) => void): string => {
    const copy = JSON.parse(file)
    change(copy)
    return JSON.stringify(copy)
  }
  // biome-ignore lint/suspicious/noExplicitAny: it is damaged on purpose
  type Damage = (copy: any) => void
  const damaged: Readonly<Record<string, Damage>> = {
    'a figure that is a text': copy => {
      copy.lanes[0].latencyMs.mean = '<b>1</b>'
    },
    'a name that is an object': copy => {
      copy.lanes[0].name = { toString: 'x' }
    },
    'another model': copy => {
      copy.lanes[1].model = 'shove'
    },
    'a histogram without buckets': copy => {
      copy.lanes[0].latencyMs.histogram.buckets = 7
    },
    'a histogram with a bucket of nothing': copy => {
      copy.lanes[0].latencyMs.histogram.buckets = [null]
    },
    'a histogram that counts otherwise': copy => {
      copy.lanes[0].latencyMs.histogram.count = 1
    },
    'an instant that is none': copy => {
      copy.now = 1e300
    },
    'too many lanes': copy => {
      copy.lanes = Array.from({ length: 101 }, () => copy.lanes[0])
    },
    'a lane of nothing': copy => {
      copy.lanes[2] = null
    }
  }
  for (const [what, damage] of Object.entries(damaged))
    it(`is refused with ${what}`, () => assert.equal(readSavedRun(with_(damage)), 'damaged'))

  it('is told from what is none', () => {
    assert.equal(readSavedRun('<html>'), 'json')
    assert.equal(readSavedRun('[{"id":"a","type":"tab"}]'), 'foreign')
    assert.equal(readSavedRun('null'), 'foreign')
    const changed = (change: Partial<Record<keyof Report, unknown>>) =>
      readSavedRun(JSON.stringify({ ...report, ...change }))
    assert.equal(changed({ version: 2 }), 'version')
    assert.equal(changed({ lanes: [] }), 'empty')
  })

  it('reads no figure out of what every object has', () => {
    const text = file.replace('"ageMs":{', '"__proto__":{"freshShare":9},"ageMs":{')
    assert.notEqual(read(text).lanes[0]?.values.get('freshShare'), 9)
  })

  it('keeps a hostile name as the text that it is', () => {
    const [lane] = read(JSON.stringify(richReport(HOSTILE).report)).lanes
    assert.equal(lane?.name, `poll ${HOSTILE} 2000`)
  })
})

describe('two runs side by side', () => {
  const run = read(file)
  const now = run.lanes.map(({ key, name, model }) => ({ key, report: { name, model }, colour: '#112233' }))
  const renewed = (lane: (typeof now)[number] | undefined) => ({
    ...(lane ?? { report: { name: '', model: 'push' as const }, colour: '' }),
    key: 'another source'
  })

  it('match lanes by their source, else by the only one of their name and model', () => {
    for (const [place, lane] of now.entries()) {
      assert.equal(savedLaneOf(run, lane), run.lanes[place])
      assert.equal(savedLaneOf(run, renewed(lane)), run.lanes[place])
    }
    const twice = { ...run, lanes: [...run.lanes, ...run.lanes] }
    assert.equal(savedLaneOf(twice, renewed(now[0])), null)
    assert.equal(savedLaneOf(null, renewed(now[0])), null)
  })

  it('tell the lanes that are gone', () => {
    assert.deepEqual(
      goneLanes(run, now.slice(1)).map(({ name }) => name),
      [run.lanes[0]?.name]
    )
    assert.deepEqual(goneLanes(null, now), [])
  })

  it('draw the earlier curves from where they leave the ground to where all has come', () => {
    const curves = savedCurves(run, now, false)
    assert.equal(curves.length, 3)
    const [overlay] = savedOverlays(curves, 'before')
    const shares = overlay?.points.map(([, share]) => share) ?? []
    assert.equal(overlay?.label, 'before')
    assert.deepEqual([shares[0], shares.at(-1)], [0, 1])
    assert.equal(shares.filter(share => share === 0).length, 1)
    assert.equal(shares.filter(share => share === 1).length, 1)
    assert.deepEqual(savedCurves(null, now, false), [])
  })

  it('tell the medians of the earlier curves', () => {
    const words = savedMedians(run, now, 'latencyMs', numberTexts('en')) ?? ''
    for (const lane of report.lanes) {
      const [, value = '', unit] = new RegExp(`${lane.name} ([\\d.]+)\\s(ms|s)`).exec(words) ?? []
      const median = Number(value) * (unit === 's' ? 1000 : 1)
      const { p50 = 0 } = lane.latencyMs ?? {}
      assert.ok(Math.abs(median - p50) < 0.1 * p50, `${words}: ${p50}`)
    }
    assert.equal(savedMedians(null, now, 'latencyMs', numberTexts('en')), null)
  })

  it('write the earlier figure as the table writes the one of now', () => {
    const figure = figures.find(({ key }) => key === 'exchanges.requests')
    const [lane] = now
    assert.ok(figure !== undefined && lane !== undefined)
    assert.equal(savedText(run, lane, figure, numberTexts('en')), '600')
    assert.equal(savedText(null, lane, figure, numberTexts('en')), null)
  })
})
