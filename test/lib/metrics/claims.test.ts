import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { CLAIM_EXAMPLES, CLAIM_IDS, type ClaimId } from '../../../lib/metrics/claim-examples.js'
import { claimsOf } from '../../../lib/metrics/claims.js'
import type { Claim, LaneReport, Outage, Report } from '../../../lib/metrics/report.js'
import { COSTS, measureCosts } from './decisions.js'
import { arrivals } from './simulation.js'

const report = measureCosts({ times: arrivals.poisson(2, 1000, 9), intervalMs: 500 }).report()
const of = (claims: readonly Claim[], id: ClaimId): Claim => {
  const found = claims.find(claim => claim.id === id)
  assert.ok(found)
  return found
}
/** The claims of this run, with its lanes as they might be. */
const claimsWith = (
  change: (lane: LaneReport) => Partial<LaneReport>,
  advice: Report['advice'] = report.advice
): readonly Claim[] =>
  claimsOf(
    report.lanes.map(lane => ({ ...lane, ...change(lane) })),
    advice
  )
const flagged = (path: string): Partial<LaneReport> => ({
  flags: [{ code: 'SATURATED', params: {}, message: '', spoils: [path], remedy: '' }]
})
const unknown = { mean: null, p50: null, p99: null }
const outage = (recoveryMs: number, lost: number): Outage => ({
  cause: 'fault',
  from: 0,
  back: 1,
  until: recoveryMs,
  recoveryMs,
  lost,
  duplicate: 0,
  late: 0,
  reconnects: 1
})

describe('the claims', () => {
  it('are the ten sentences of the classic comparison, always all of them', () => {
    assert.equal(CLAIM_IDS.length, 10)
    for (const claims of [report.claims, claimsOf([], null)])
      assert.deepEqual(
        claims.map(({ id }) => id),
        CLAIM_IDS
      )
  })

  it('are not tested before anything is measured, and all say why', () => {
    for (const { verdict, reason } of claimsOf([], null)) {
      assert.equal(verdict, 'not-tested')
      assert.match(reason.code, /^CLAIM_/)
      assert.match(reason.message, /\.$/)
    }
  })

  it('are judged by the two figures that they show', () => {
    const late = of(report.claims, 'push-lower-latency')
    assert.equal(late.verdict, 'holds')
    assert.equal(late.reason.code, 'PUSH_EARLIER')
    assert.equal(late.figures.pushMs, report.lanes.find(({ model }) => model === 'push')?.latencyMs?.mean)
    const heavy = of(report.claims, 'push-less-client-overhead')
    assert.equal(heavy.verdict, 'holds')
    assert.equal(heavy.figures.pushBytes, COSTS.push)
    const waste = of(report.claims, 'pull-wasteful')
    assert.equal(waste.verdict, 'holds')
    // λT = 1
    assert.ok(Math.abs(Number(waste.figures.emptyShare) - Math.exp(-1)) < 0.03)
    const waits = of(report.claims, 'pull-higher-latency')
    assert.equal(waits.verdict, 'holds')
    assert.equal(waits.figures.intervalMs, 500)
  })

  it('do not hold when the figures say so', () => {
    const turned = claimsWith(({ latencyMs, model, bytes, exchanges }) => ({
      latencyMs: latencyMs && { ...latencyMs, mean: model === 'push' ? 300 : 2, ci95: unknown },
      bytes: { ...bytes, perUpdate: model === 'push' ? 1000 : 100 },
      exchanges: { ...exchanges, emptyShare: exchanges.emptyShare && 0.01 }
    }))
    for (const id of [
      'push-lower-latency',
      'push-less-client-overhead',
      'pull-wasteful',
      'pull-higher-latency'
    ] as const)
      assert.equal(of(turned, id).verdict, 'does-not-hold', id)
  })

  it('of a difference need one: means whose intervals touch are not earlier and later', () => {
    const touching = claimsWith(({ latencyMs, model }) => ({
      latencyMs: latencyMs && {
        ...latencyMs,
        mean: model === 'push' ? 10 : 20,
        ci95: { mean: model === 'push' ? [5, 16] : [15, 25], p50: null, p99: null }
      }
    }))
    assert.equal(of(touching, 'push-lower-latency').verdict, 'does-not-hold')
  })

  it('are not tested by figures that a flag spoils, nor by too few', () => {
    const spoiled = of(
      claimsWith(() => flagged('latencyMs')),
      'push-lower-latency'
    )
    assert.equal(spoiled.verdict, 'not-tested')
    assert.deepEqual(spoiled.reason.params, { flag: 'SATURATED' })
    const few = claimsWith(({ latencyMs }) => ({ latencyMs: latencyMs && { ...latencyMs, count: 29 } }))
    assert.equal(of(few, 'push-lower-latency').reason.code, 'CLAIM_TOO_FEW')
  })

  it('are tested by a lane whose polls are late now and then, not by one that is late all the time', () => {
    const late = (p50: number) =>
      claimsWith(({ model }) => ({
        scheduleLagMs: { p50, p99: 400 },
        flags:
          model === 'push'
            ? []
            : [{ code: 'SCHEDULE_LAG', params: {}, message: '', spoils: ['latencyMs'], remedy: '' }]
      }))
    assert.equal(of(late(1), 'push-lower-latency').verdict, 'holds')
    assert.equal(of(late(100), 'push-lower-latency').verdict, 'not-tested')
  })

  it('compare how far behind the first lanes are, where nobody knows when updates were generated', () => {
    const untimed = claimsWith(({ latencyMs }) => ({
      latencyMs: null,
      behindFirstMs: latencyMs,
      ...flagged('latencyMs')
    }))
    assert.equal(of(untimed, 'push-lower-latency').verdict, 'holds')
  })

  it('of an outage need one on both sides, that has ended', () => {
    assert.equal(of(report.claims, 'push-more-complex').reason.code, 'CLAIM_NO_OUTAGE')
    const running = claimsWith(() => ({ outages: [{ ...outage(1, 0), until: null, recoveryMs: null }] }))
    assert.equal(of(running, 'push-more-complex').verdict, 'not-tested')
    const cases = [
      [outage(3000, 0), outage(1000, 0), 'holds'],
      [outage(1000, 4), outage(3000, 0), 'holds'],
      [outage(1000, 0), outage(1000, 0), 'does-not-hold']
    ] as const
    for (const [push, pull, verdict] of cases) {
      const claims = claimsWith(({ model }) => ({ outages: [model === 'push' ? push : pull] }))
      assert.equal(of(claims, 'push-more-complex').verdict, verdict)
    }
  })

  it('of many clients are not tested without a fleet', () => {
    for (const id of ['push-many-connections', 'pull-scales'] as const) {
      assert.equal(of(report.claims, id).verdict, 'not-tested')
      assert.equal(of(report.claims, id).reason.code, 'CLAIM_NEEDS_FLEET')
    }
  })

  it('of server load need a server that has something to do', () => {
    assert.equal(of(report.claims, 'push-higher-server-load').verdict, 'does-not-hold')
    const idle = claimsWith(({ server }) => ({ server: server && { ...server, busyShare: 0.005 } }))
    assert.equal(of(idle, 'push-higher-server-load').reason.code, 'CLAIM_IDLE')
    const busy = claimsWith(({ server, model }) => ({
      server: server && { ...server, cpuMicrosPerUpdate: model === 'push' ? 900 : 100 }
    }))
    assert.equal(of(busy, 'push-higher-server-load').verdict, 'holds')
  })

  it('of control need polls on demand', () => {
    assert.equal(of(report.claims, 'pull-client-control').reason.code, 'CLAIM_NO_DEMAND')
    const asked = claimsWith(({ model }) => (model === 'pull' ? { trigger: 'input' } : {}))
    assert.equal(of(asked, 'pull-client-control').verdict, 'holds')
  })

  it('depend on the requirements where another one turns the advice', () => {
    const depends = of(report.claims, 'it-depends')
    assert.equal(depends.verdict, 'holds')
    assert.notEqual(depends.figures.verdict, depends.figures.otherwise)
    const { advice } = report
    assert.ok(advice)
    const stays = of(
      claimsWith(() => ({}), { ...advice, wouldChange: [] }),
      'it-depends'
    )
    assert.equal(stays.verdict, 'does-not-hold')
    const unsure = of(
      claimsWith(() => ({}), { ...advice, verdict: 'not-conclusive' }),
      'it-depends'
    )
    assert.equal(unsure.verdict, 'not-tested')
  })

  it('have params that are exactly the figures that are known', () => {
    for (const { figures, verdict, reason } of report.claims)
      if (verdict !== 'not-tested')
        assert.deepEqual(
          reason.params,
          Object.fromEntries(Object.entries(figures).filter(([, figure]) => figure !== null))
        )
  })

  it('name an example each, but those that need a fleet', () => {
    for (const [id, example] of Object.entries(CLAIM_EXAMPLES)) {
      assert.equal(example === null, /many-connections|scales/.test(id), id)
      // example 07 comes with the fault node
      if (example !== null && !example.startsWith('07'))
        assert.ok(existsSync(`examples/flows/${example}.json`), example)
    }
  })
})
