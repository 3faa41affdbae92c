import assert from 'node:assert/strict'
import type { DecisionSettings } from '../../../../lib/theory/decision.js'
import { knobs, nodeProperties, sameSettings } from '../../../../panel/model/decision/knobs.js'
import { logScale, shareScale } from '../../../../panel/model/decision/scale.js'
import { typedReader } from '../../../../panel/model/decision/typed.js'

const settings: DecisionSettings = {
  target: { ms: 1000, share: 0.95 },
  clients: 3,
  maxRequestsPerSecond: null,
  maxBytesPerDay: 2e6
}

describe('the knobs of the advice', () => {
  it('lie in equal steps of the logarithm, at round values', () => {
    const scale = logScale(1, 10_000)
    assert.equal(scale.toPosition(100), 0.5)
    assert.equal(scale.toValue(0.25), 10)
    assert.equal(scale.toValue(0.3), 16)
    assert.deepEqual([scale.toValue(-1), scale.toValue(2)], [1, 10_000])
    assert.deepEqual([scale.toPosition(0), scale.toPosition(1e9)], [0, 1])
    assert.equal(logScale(1, 1e6, true).toValue(0.05), 2)
  })

  it('show shares by what is missing', () => {
    const scale = shareScale(0.9, 0.9999)
    assert.deepEqual([0, 1 / 3, 2 / 3, 1].map(scale.toValue), [0.9, 0.99, 0.999, 0.9999])
    assert.ok(Math.abs(scale.toPosition(0.999) - 2 / 3) < 1e-9)
    assert.equal(shareScale(0.5, 0.9999).toValue(shareScale(0.5, 0.9999).toPosition(0.95)), 0.95)
  })

  it('move without a jump: where a value lies, it is found again', () => {
    for (const { scale } of knobs)
      for (let place = 0; place <= 1; place += 0.01) {
        const value = scale.toValue(place)
        assert.equal(scale.toValue(scale.toPosition(value)), value)
      }
  })

  it('change one setting each, and are written as the node has them', () => {
    const turned = knobs.reduce((so, knob) => knob.with(so, knob.first ?? 7), settings)
    assert.deepEqual(turned, {
      target: { ms: 7, share: 7 },
      clients: 7,
      maxRequestsPerSecond: 10,
      maxBytesPerDay: 1e8
    })
    assert.ok(sameSettings(settings, { ...settings, target: { ...settings.target } }))
    assert.ok(!sameSettings(settings, { ...settings, maxBytesPerDay: null }))
    assert.deepEqual(nodeProperties(settings), {
      targetMs: '1000',
      targetShare: '0.95',
      plannedClients: '3',
      maxRequestsPerSecond: '',
      maxBytesPerDay: '2000000'
    })
  })

  it('take what is typed, with a unit or that of what stood there', () => {
    const read = typedReader('en-US')
    assert.equal(read('12 s', 'duration', '5 ms'), 12_000)
    assert.equal(read('12', 'duration', '5\u00a0min'), 720_000)
    assert.equal(read('1,500', 'count', ''), 1500)
    assert.equal(read(' 1.5MB ', 'bytes', '10 kB'), 1.5e6)
    assert.equal(read('99', 'share', '95%'), 0.99)
    assert.equal(read('0.5', 'ratio', '10'), 0.5)
    for (const nothing of ['', 'soon', '12 parsecs', '1..2', '12 s', '--3'])
      assert.equal(read(nothing, nothing === '12 s' ? 'bytes' : 'duration', '5 s'), null, nothing)
  })

  it('take numbers as they are written in the language', () => {
    const read = typedReader('de')
    assert.equal(read('1,5 s', 'duration', ''), 1500)
    assert.equal(read('1.500', 'count', ''), 1500)
    assert.equal(read('97,5 %', 'share', ''), 0.975)
    assert.equal(typedReader('xx-bogus-€')('1', 'count', ''), 1)
  })
})
