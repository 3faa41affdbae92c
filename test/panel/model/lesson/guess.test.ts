import assert from 'node:assert/strict'
import { compareGuess, guessedLane, readGuess, winnerOf } from '../../../../panel/model/lesson/guess.js'
import { stepAfter } from '../../../../panel/model/lesson/steps.js'
import { distributionOf, laneReportWith } from '../lane-reports.js'

const theory = {
  latencyMeanMs: 1000,
  emptyShare: 0.25,
  supersededShare: 0.5,
  ageMeanMs: 3000,
  freshShare: 0.5,
  requestsPerUpdate: 1.5,
  plusMinus: 2
}
const exchanges = { ...laneReportWith().exchanges, emptyShare: 0.5 }
const withMean = (mean: number) => ({ ...distributionOf(100, mean, mean), mean })
const polled = laneReportWith({ trigger: 'interval', latencyMs: withMean(2000), theory, exchanges })
const pushed = laneReportWith({ source: 'p', model: 'push', read: 'push', latencyMs: withMean(5) })

describe('a guess before the results', () => {
  it('is about the first lane that polls by interval, else the first that pulls', () => {
    const held = laneReportWith({ source: 'held', trigger: 'long-poll' })
    assert.equal(guessedLane([pushed, held, polled]), polled)
    assert.equal(guessedLane([pushed, held]), held)
    assert.equal(guessedLane([pushed]), null)
  })

  it('is read with a point or a comma, and only when all of it can be', () => {
    assert.deepEqual(readGuess('2,5', ' 40 ', 'push'), { latencyMs: 2500, emptyShare: 0.4, winner: 'push' })
    assert.deepEqual(readGuess('0', '100', 'equal'), { latencyMs: 0, emptyShare: 1, winner: 'equal' })
    for (const [latency, empty, winner] of [
      ['', '40', 'push'],
      ['-1', '40', 'push'],
      ['1', '101', 'push'],
      ['1', '', 'push'],
      ['1', '40', ''],
      ['Infinity', '40', 'push']
    ] as const)
      assert.equal(readGuess(latency, empty, winner), null, `${latency} ${empty} ${winner}`)
  })

  it('lies on one line with theory and measurement, times up to the greatest and shares up to one', () => {
    const [latency, empty] = compareGuess({ latencyMs: 500, emptyShare: 0.75, winner: 'push' }, polled)
    assert.deepEqual(latency?.places, { guess: 0.25, theory: 0.5, measured: 1 })
    assert.deepEqual(empty?.places, { guess: 0.75, theory: 0.25, measured: 0.5 })
  })

  it('stands alone where nothing is known', () => {
    const unknown = laneReportWith({ latencyMs: null, theory: null })
    const rows = compareGuess({ latencyMs: 0, emptyShare: 0.5, winner: 'pull' }, unknown)
    assert.deepEqual(rows[0]?.places, { guess: 0, theory: null, measured: null })
    assert.deepEqual(rows[1]?.places, { guess: 0.5, theory: null, measured: null })
  })

  it('is won by the lesser mean latency, and by nobody within 5 %', () => {
    assert.equal(winnerOf([pushed, polled]), 'push')
    assert.equal(winnerOf([{ ...pushed, latencyMs: withMean(3000) }, polled]), 'pull')
    assert.equal(winnerOf([{ ...pushed, latencyMs: withMean(1920) }, polled]), 'equal')
    assert.equal(winnerOf([polled]), null)
  })
})

describe('a presentation', () => {
  it('goes by arrow keys through five steps, and no further', () => {
    assert.equal(stepAfter(0, 'ArrowRight'), 1)
    assert.equal(stepAfter(4, 'ArrowRight'), 4)
    assert.equal(stepAfter(0, 'ArrowLeft'), 0)
    assert.equal(stepAfter(1, 'End'), 4)
    assert.equal(stepAfter(3, 'Home'), 0)
    assert.equal(stepAfter(2, 'Escape'), null)
  })
})
