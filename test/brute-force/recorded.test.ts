import assert from 'node:assert/strict'
import { longestOf, pollAll } from './polling.js'
import { adviceFor, PUSH, recorded, SHARE, tryAround } from './recorded.js'

const MINUTE = 60_000

for (const [file, targets] of [
  ['earthquakes', [10_000, MINUTE, 5 * MINUTE, 15 * MINUTE]],
  ['branch-updates', [10 * MINUTE, 60 * MINUTE, 8 * 60 * MINUTE]]
] as const) {
  const times = recorded(file)
  const perDay = (PUSH.bytes * (times.length - 1) * 86_400_000) / ((times.at(-1) ?? 0) - (times[0] ?? 0))

  describe(`the advice for ${file}, against brute force`, () => {
    for (const target of targets)
      it(`${target / 1000} s: the recommended intervals meet the target, the rejected ones miss it, the verdict follows from bytes counted`, () => {
        const { longestIntervalMs, verdict } = adviceFor(times, target)
        assert.ok(longestIntervalMs !== null)
        const tried = tryAround(times, target, longestIntervalMs)
        for (const { multiple, counted } of tried)
          assert.equal(
            counted.targetShare >= SHARE - 0.004,
            multiple < 1,
            `× ${multiple}: ${counted.targetShare}`
          )
        const { bytesPerDay } = pollAll(times, longestIntervalMs, target, 40)
        const ratio = bytesPerDay / perDay
        const expected = ratio >= 1.5 ? 'push' : ratio <= 1 / 1.5 ? 'pull' : 'either'
        assert.equal(verdict, expected, `pull takes ${ratio} times the bytes of push`)
      })

    it('finds the longest interval that trying a hundred finds', () => {
      const [, target = MINUTE] = targets
      const { longestIntervalMs } = adviceFor(times, target)
      const steps = Array.from({ length: 100 }, (_, step) => (target / 5) * 1.03 ** step)
      const found = longestOf(
        steps.map(interval => pollAll(times, interval, target, 20)),
        SHARE
      )
      const ratio = (found?.intervalMs ?? 0) / (longestIntervalMs ?? 1)
      assert.ok(ratio > 0.96 && ratio < 1.04, `${ratio}`)
    })

    it('predicts every interval of the frontier that the recording tells', () => {
      const { frontier } = adviceFor(times, MINUTE)
      const span = (times.at(-1) ?? 0) - (times[0] ?? 0)
      for (const point of frontier.filter(
        ({ intervalMs }) => intervalMs > 20_000 && intervalMs < span / 20
      )) {
        const counted = pollAll(times, point.intervalMs, MINUTE, 40)
        assert.ok(Math.abs(counted.emptyShare - point.emptyShare) < 0.01, `${point.intervalMs} ms`)
        assert.ok(Math.abs(counted.latencyMeanMs / point.latencyMeanMs - 1) < 0.02, `${point.intervalMs} ms`)
        assert.ok(
          Math.abs(counted.bytesPerDay / (point.bytesPerDay ?? 0) - 1) < 0.02,
          `${point.intervalMs} ms`
        )
      }
    })
  })
}
