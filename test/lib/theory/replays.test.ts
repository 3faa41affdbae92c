import { adaptInterval } from '../../../lib/poll/adaptive.js'
import { replayAdaptive } from '../../../lib/theory/adaptive.js'
import { Gaps } from '../../../lib/theory/gaps.js'
import { replayLongPoll } from '../../../lib/theory/long-poll.js'
import { predictPoll } from '../../../lib/theory/poll.js'
import type { EpochMs } from '../../../lib/units.js'
import { type Answered, agrees, gapsOf, Measured, recorded } from './brute.js'

const MINUTE = 60_000
const streams = {
  earthquakes: recorded('earthquakes'),
  // 500 times faster: else a request a minute would be made a million times
  branch: recorded('branch-updates').map(time => time / 500),
  // five at once, as a burst leaves an origin in one turn
  bursts: Array.from({ length: 300 }, (_, index) => Math.floor(index / 5) * 10_000)
} satisfies Record<string, EpochMs[]>

describe('long polling, replayed', () => {
  for (const [name, times] of Object.entries(streams))
    for (const read of ['latest', 'log'] as const)
      for (const [holdMs, turnMs] of [
        [30_000, 2000],
        [0, 5 * MINUTE],
        [10 * MINUTE, 0],
        [MINUTE, 20 * MINUTE]
      ] as const)
        it(`of ${name} is what request after request gives: hold ${holdMs} ms, turn ${turnMs} ms, ${read}`, () => {
          const wayBackMs = 700
          const measured = new Measured(times, read)
          const answers: Answered[] = []
          let [asked, known] = [turnMs, 0]
          while (known < times.length - 1) {
            const next = times[known + 1] ?? 0
            const answeredAt = next <= asked ? asked : Math.min(next, asked + holdMs)
            const most = next > asked ? 1 : Number.POSITIVE_INFINITY
            for (let n = 0; n < most && (times[known + 1] ?? answeredAt + 1) <= answeredAt; n += 1) known += 1
            answers.push({ askedAt: answeredAt, heldAt: answeredAt + wayBackMs, most })
            asked = answeredAt + turnMs
          }
          measured.run(answers)
          const found = replayLongPoll(times, { holdMs, turnMs, wayBackMs, read }).predict()
          agrees(found, measured.figures(), 1e-9, 1e-9, name)
        })

  it('without a hold is polling at the turn', () => {
    const times = streams.earthquakes
    const turnMs = 7 * MINUTE
    const replayed = replayLongPoll(times, { holdMs: 0, turnMs, wayBackMs: 0, read: 'latest' }).predict()
    const polled = predictPoll(Gaps.of(gapsOf(times)), { intervalMs: turnMs, wayBackMs: 0, read: 'latest' })
    agrees(replayed, polled, 0.05, 0.02, 'no hold')
  })
})

describe('adaptive polling, replayed', () => {
  const rules = [
    { intervalMs: 5000, minIntervalMs: 1000, maxIntervalMs: 60_000 },
    { intervalMs: 5 * MINUTE, minIntervalMs: MINUTE, maxIntervalMs: 60 * MINUTE },
    { intervalMs: MINUTE, minIntervalMs: MINUTE, maxIntervalMs: MINUTE },
    { intervalMs: 10_000, minIntervalMs: 7000, maxIntervalMs: 20_000 }
  ]
  for (const [name, times] of Object.entries(streams))
    for (const bounds of rules)
      it(`of ${name} is what poll after poll gives: ${Object.values(bounds).join(', ')} ms`, () => {
        const wayBackMs = 400
        const rule = { ...bounds, wayBackMs, read: 'latest' } as const
        const measured = new Measured(times, 'latest')
        const end = times.at(-1) ?? 0
        for (const phase of [0.125, 0.375, 0.625, 0.875]) {
          const answers: Answered[] = []
          let [at, interval, known] = [phase * bounds.intervalMs, bounds.intervalMs, 0]
          for (;;) {
            answers.push({ askedAt: at, heldAt: at + wayBackMs })
            const before = known
            while (known + 1 < times.length && (times[known + 1] ?? 0) <= at) known += 1
            if (at >= end) break
            interval = adaptInterval(interval, known > before ? 'updated' : 'empty', bounds)
            at += interval
          }
          measured.run(answers)
        }
        agrees(replayAdaptive(times, rule).predict(), measured.figures(), 1e-6, 1e-6, name)
      })

  it('between equal bounds is polling at that interval', () => {
    const rule = {
      intervalMs: MINUTE,
      minIntervalMs: MINUTE,
      maxIntervalMs: MINUTE,
      wayBackMs: 0,
      read: 'log'
    } as const
    const times = streams.earthquakes
    agrees(
      replayAdaptive(times, rule).predict(),
      predictPoll(Gaps.of(gapsOf(times)), rule),
      0.05,
      0.02,
      'equal bounds'
    )
  })
})
