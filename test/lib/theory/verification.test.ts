import assert from 'node:assert/strict'
import { type Combination, compareAll, isWithin } from '../../../bench/verify/comparison.js'
import { CONSUMERS } from '../../../bench/verify/consumers.js'
import { TRAFFIC } from '../../../bench/verify/traffic.js'

describe('every figure of a report, against theory', function () {
  this.timeout(120_000)
  let all: readonly Combination[] = []
  before(async () => {
    all = await compareAll()
  })

  for (const { name: traffic } of TRAFFIC)
    for (const { name: consumer } of CONSUMERS)
      it(`agrees for ${traffic}: ${consumer}`, () => {
        const found = all.find(one => one.traffic === traffic && one.consumer === consumer)
        const compared = found?.compared ?? []
        assert.ok(compared.length >= (consumer.startsWith('push') ? 5 : 9), 'figures are missing')
        for (const row of compared) assert.ok(isWithin(row), JSON.stringify(row))
        // and what the lane itself says of theory, from its histogram and its measured way back
        const told = compared.filter(({ reported }) => reported !== null)
        assert.ok(told.length >= (consumer.startsWith('push') ? 2 : 6), 'theory is missing')
        for (const { figure, reported, expected, bound } of told) {
          // of an adaptive lane it does not know with which poll it began
          const rough = consumer.startsWith('adaptive') ? 8 : 1
          assert.ok(
            Math.abs((reported ?? 0) - expected) <= rough * bound,
            `theory of ${figure}: ${reported}, ${expected}`
          )
        }
      })
})
