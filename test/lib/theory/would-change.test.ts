import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { DecisionSettings } from '../../../lib/theory/decision.js'
import { type Case, codesOf, decided, everySecond } from './cases.js'

const near = (found: number | null | undefined, expected: number, share = 1e-6) =>
  assert.ok(Math.abs((found ?? Number.NaN) / expected - 1) < share, `${found} for ${expected}`)

/** The case with what a sentence says changed. */
function changed(of: Case, params: Readonly<Record<string, string | number>>): Case {
  const settings: Partial<DecisionSettings> = { ...of.settings }
  const { ms = 1000, share = 0.95 } = of.settings?.target ?? {}
  const { targetMs = ms, targetShare = share, ratePerSecond, ...rest } = params
  const gaps = of.gaps.map(gap => (ratePerSecond === undefined ? gap : 1000 / Number(ratePerSecond)))
  const budgets = Object.fromEntries(Object.entries(rest).filter(([key]) => /^(clients|max)/.test(key)))
  return {
    ...of,
    gaps,
    settings: { ...settings, ...budgets, target: { ms: Number(targetMs), share: Number(targetShare) } }
  }
}

const cases: Readonly<Record<string, Case>> = {
  push: { gaps: everySecond },
  pull: { gaps: everySecond, settings: { target: { ms: 60_000, share: 0.95 } } },
  either: { gaps: everySecond, settings: { target: { ms: 1500, share: 0.95 } } },
  'not-conclusive': {
    gaps: everySecond,
    settings: { maxBytesPerDay: 20e6, clients: 3, maxRequestsPerSecond: 10 }
  }
}

describe('what would change the verdict', () => {
  for (const [verdict, of] of Object.entries(cases))
    it(`${verdict}: each change named, decided anew, gives the verdict that it names, and just before it does not`, () => {
      const advice = decided(of)
      assert.equal(advice.verdict, verdict)
      assert.ok(advice.wouldChange.length > 0)
      for (const { code, params } of advice.wouldChange) {
        assert.notEqual(params.verdict, verdict)
        assert.equal(decided(changed(of, params)).verdict, params.verdict, code)
        const less = Object.entries(params).map(([key, value]) => {
          if (typeof value === 'string' || key === 'clients' || key === 'factor') return [key, value]
          // 2 % back towards what is so now
          const back = /LONGER|HIGHER|MORE/.test(code) ? value * 0.98 : value * 1.02
          return [key, key === 'targetShare' ? Math.min(1, back) : back]
        })
        if (params.clients === undefined)
          assert.notEqual(decided(changed(of, Object.fromEntries(less))).verdict, params.verdict, code)
      }
    })

  it('names the nearest first', () => {
    for (const of of Object.values(cases)) {
      const factors = decided(of).wouldChange.map(({ params }) => Number(params.factor))
      assert.deepEqual(
        factors,
        [...factors].sort((one, other) => one - other)
      )
    }
  })

  it('is computed: push turns to either where polling takes less than 1.5 times the bytes', () => {
    // 660 B every T against 310 B a second: T = 660/(1.5 · 310) s; τ = 0.95 T + w
    const { wouldChange } = decided(cases.push ?? { gaps: [] })
    const longer = wouldChange.find(({ code }) => code === 'TARGET_LONGER')
    near(Number(longer?.params.targetMs), (0.95 * 660_000) / 465 + 10, 0.01)
    assert.equal(longer?.params.verdict, 'either')
  })

  it('is not guessed while something is not measured', () => {
    assert.deepEqual(decided({ gaps: everySecond, poll: { bytesEmpty: null } }).wouldChange, [])
    assert.deepEqual(decided({ gaps: everySecond, facts: { spoiledBy: ['CLOCK'] } }).wouldChange, [])
  })

  it('says budgets only where there are some', () => {
    assert.ok(!codesOf(decided(cases.push ?? { gaps: [] }).wouldChange).some(code => code.includes('BUDGET')))
  })

  it('names whole clients', () => {
    const of = {
      gaps: everySecond,
      settings: { target: { ms: 60_000, share: 0.95 }, clients: 7, maxRequestsPerSecond: 1 }
    }
    const more = decided(of).wouldChange.find(({ code }) => code === 'CLIENTS_MORE')
    // one request a second, every 63.1 s each
    assert.equal(more?.params.clients, Math.floor(59_990 / 950) + 1)
    assert.equal(more?.params.verdict, 'push')
  })
})

describe('the break-even', () => {
  it('in the interval is where polling takes the bytes of push: 660 B a poll, 310 B a second', () => {
    near(decided({ gaps: everySecond }).breakEven.bytesIntervalMs, 660_000 / 310)
  })

  it('in the rate is where push takes the bytes of polling at the advised interval', () => {
    const { breakEven, intervalMs } = decided({
      gaps: everySecond,
      settings: { target: { ms: 60_000, share: 0.95 } }
    })
    near(breakEven.ratePerSecond, (660 / 310) * (1000 / (intervalMs ?? 0)))
  })

  it('in clients is how many may poll at the advised interval within the budget', () => {
    const { breakEven } = decided({ gaps: everySecond, settings: { maxRequestsPerSecond: 50 } })
    assert.equal(breakEven.clients, Math.floor((50 * 990) / 950))
    assert.equal(decided({ gaps: everySecond }).breakEven.clients, null)
  })

  it('is null where a cost is not known', () => {
    const { breakEven } = decided({ gaps: everySecond, poll: { bytesEmpty: null } })
    assert.deepEqual(breakEven, { ratePerSecond: null, bytesIntervalMs: null, clients: null })
  })

  it('has equal bytes on both sides, whatever the traffic', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1, max: 1e5, noNaN: true }), { minLength: 20, maxLength: 60 }),
        gaps => {
          const { bytesIntervalMs } = decided({ gaps }).breakEven
          assert.ok(bytesIntervalMs !== null)
          const total = gaps.reduce((sum, gap) => sum + gap, 0)
          const empty = 1 - gaps.reduce((sum, gap) => sum + Math.min(gap, bytesIntervalMs), 0) / total
          near((660 - 420 * empty) / bytesIntervalMs, (310 * gaps.length) / total)
        }
      ),
      { numRuns: 200 }
    )
  })
})
