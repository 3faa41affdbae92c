import { bytesText, durationText, preciseDurationText, shareText } from '../quantities.js'
import type { Ms, Share } from '../units.js'
import type { Reason, SentenceParams } from './decision.js'
import { emptyShareAt, hasTraffic, rateOf, type Situation, spanOf } from './situation.js'
import {
  CLEARLY_DEARER,
  cheapestInterval,
  type Doubt,
  type Judgement,
  LEAST_GAPS,
  pushedNeeded,
  RECORDED_INTERVALS
} from './verdict.js'

/**
 * The reasons of an advice, the weightiest first. Codes and params (ms, bytes, shares of 1):
 *
 * What is missing, first when not conclusive:
 * `NO_TRAFFIC` · `TOO_FEW_GAPS` gaps, needed · `TOO_SHORT` spanMs, neededMs, intervalMs · `PUSH_NOT_MEASURED` ·
 * `TOO_FEW_PUSHED` pushed, needed · `PULL_NOT_MEASURED` · `PUSH_BYTES_UNKNOWN` · `PULL_BYTES_UNKNOWN` ·
 * `SPOILED` flag (one reason a flag) · `NOTHING_MEETS_TARGET` targetMs, targetShare
 *
 * What each side can do:
 * `PUSH_MEETS_TARGET`, `PUSH_MISSES_TARGET` share, targetMs, targetShare ·
 * `PUSH_OVER_BUDGET` bytesPerDay, maxBytesPerDay · `PUSH_LOWER_BOUND` ·
 * `PULL_MEETS_TARGET` intervalMs, targetMs, targetShare, wayBackMs (0 while not measured) ·
 * `PULL_TOO_LATE` wayBackMs, targetMs · `PULL_OVER_BUDGET` longestIntervalMs, cheapestIntervalMs
 *
 * What it costs, of all planned clients, at the advised interval:
 * `PUSH_FEWER_BYTES`, `PULL_FEWER_BYTES`, `BYTES_ALIKE` pushBytesPerDay, pullBytesPerDay, factor ·
 * `PUSH_LESS_CPU`, `PULL_LESS_CPU`, `CPU_ALIKE` pushCpuMsPerDay, pullCpuMsPerDay, factor ·
 * `EMPTY_POLLS` share, intervalMs, ratePerSecond
 */
export function reasonsOf(situation: Situation, judgement: Judgement): Reason[] {
  const { doubts, push, pull, verdict } = judgement
  const reasons = doubts.flatMap(doubt => doubtSentences(doubt, situation, judgement))
  if (verdict === 'not-conclusive' && doubts.length === 0 && push === false && pull === false)
    reasons.push(nothing(situation))
  const sides = [pullSide(situation, judgement), pushSide(situation, judgement)]
  const costs = costSentences(judgement)
  // what only one side can do decides; otherwise what it costs does
  const decisive = push === true && pull === true ? [...costs, ...sides] : [...sides, ...costs]
  reasons.push(...decisive.filter(reason => reason !== null))
  if (hasTraffic(situation) && judgement.longestMs !== null)
    reasons.push(emptyPolls(situation, judgement.longestMs))
  if (situation.facts.push?.lowerBound) reasons.push(reason('PUSH_LOWER_BOUND', {}, LOWER_BOUND))
  return reasons
}

function doubtSentences(doubt: Doubt, situation: Situation, { longestMs }: Judgement): Reason[] {
  const { facts, gaps, settings } = situation
  switch (doubt) {
    case 'NO_TRAFFIC':
      return [reason(doubt, {}, 'No two updates have come yet: there is no traffic to predict from.')]
    case 'TOO_FEW_GAPS':
      return [
        reason(
          doubt,
          { gaps: gaps.count, needed: LEAST_GAPS },
          `The rate of this stream is known after ${LEAST_GAPS} gaps between updates, ${gaps.count} so far.`
        )
      ]
    case 'TOO_SHORT': {
      const [intervalMs, spanMs] = [longestMs ?? 0, spanOf(situation)]
      const neededMs = intervalMs * RECORDED_INTERVALS
      return [
        reason(
          doubt,
          { intervalMs, spanMs, neededMs },
          `Polling every ${preciseDurationText(intervalMs)} can be judged after ${preciseDurationText(neededMs)} of this traffic, ${preciseDurationText(spanMs)} so far.`
        )
      ]
    }
    case 'PUSH_NOT_MEASURED':
      return [
        reason(doubt, {}, 'How late a push comes is not measured: no push lane of this stream has a latency.')
      ]
    case 'TOO_FEW_PUSHED': {
      const [pushed, needed] = [facts.push?.latencyMs?.count ?? 0, pushedNeeded(settings.target.share)]
      return [
        reason(
          doubt,
          { pushed, needed },
          `Whether push brings ${shareText(settings.target.share)} in time is known after ${needed} updates, ${pushed} so far.`
        )
      ]
    }
    case 'PULL_NOT_MEASURED':
      return [
        reason(
          doubt,
          {},
          'How long an answer is under way is not measured: it takes a polling lane that is not held, with its second output wired.'
        )
      ]
    case 'PUSH_BYTES_UNKNOWN':
      return [reason(doubt, {}, 'The bytes of a push are not measured.')]
    case 'PULL_BYTES_UNKNOWN':
      return [
        reason(doubt, {}, 'The bytes of a poll with news and of one without are not both measured yet.')
      ]
    case 'SPOILED':
      return facts.spoiledBy.map(flag =>
        reason(doubt, { flag }, `A figure that this rests on is not reliable (${flag}).`)
      )
  }
}

function nothing({ settings }: Situation): Reason {
  const { ms: targetMs, share: targetShare } = settings.target
  return reason(
    'NOTHING_MEETS_TARGET',
    { targetMs, targetShare },
    `Neither push nor polling brings ${targetText(targetMs, targetShare)} within the budgets.`
  )
}

function pushSide({ settings }: Situation, { push, pushShare, pushCosts }: Judgement): Reason | null {
  const { ms: targetMs, share: targetShare } = settings.target
  if (pushShare === null) return null
  const params = { share: pushShare, targetMs, targetShare }
  const brought = `Push brought ${shareText(pushShare)} of all updates within ${preciseDurationText(targetMs)}`
  if (pushShare < targetShare)
    return reason('PUSH_MISSES_TARGET', params, `${brought}, fewer than ${shareText(targetShare)}.`)
  const bytesPerDay = pushCosts?.bytesPerDay ?? null
  if (push === false && bytesPerDay !== null) {
    const maxBytesPerDay = settings.maxBytesPerDay ?? 0
    return reason(
      'PUSH_OVER_BUDGET',
      { bytesPerDay, maxBytesPerDay },
      `Push takes ${bytesText(bytesPerDay)} a day, more than ${bytesText(maxBytesPerDay)}.`
    )
  }
  return reason('PUSH_MEETS_TARGET', params, `${brought}.`)
}

function pullSide(situation: Situation, { pull, longestMs }: Judgement): Reason | null {
  const { settings, wayBackMs } = situation
  const { ms: targetMs, share: targetShare } = settings.target
  if (longestMs === null)
    return reason(
      'PULL_TOO_LATE',
      { wayBackMs: wayBackMs ?? 0, targetMs },
      `No polling interval meets ${preciseDurationText(targetMs)}: the answer alone is ${durationText(wayBackMs ?? 0)} under way.`
    )
  const cheapestIntervalMs = cheapestInterval(situation)
  if (pull === false && cheapestIntervalMs !== null)
    return reason(
      'PULL_OVER_BUDGET',
      { longestIntervalMs: longestMs, cheapestIntervalMs },
      `The target needs a poll every ${preciseDurationText(longestMs)}, the budgets allow one every ${preciseDurationText(cheapestIntervalMs)}.`
    )
  return reason(
    'PULL_MEETS_TARGET',
    { intervalMs: longestMs, targetMs, targetShare, wayBackMs: wayBackMs ?? 0 },
    `Polling brings ${targetText(targetMs, targetShare)} up to an interval of ${preciseDurationText(longestMs)}.`
  )
}

function costSentences({ pushCosts, pullCosts }: Judgement): Reason[] {
  const sentences: Reason[] = []
  const [pushBytesPerDay, pullBytesPerDay] = [pushCosts?.bytesPerDay ?? null, pullCosts?.bytesPerDay ?? null]
  if (pushBytesPerDay !== null && pullBytesPerDay !== null) {
    const { side, factor, words } = compared(pushBytesPerDay, pullBytesPerDay)
    sentences.push(
      reason(
        side === null ? 'BYTES_ALIKE' : `${side}_FEWER_BYTES`,
        { pushBytesPerDay, pullBytesPerDay, factor },
        `Push takes ${bytesText(pushBytesPerDay)} a day, polling ${bytesText(pullBytesPerDay)}: ${words}.`
      )
    )
  }
  const [pushCpuMsPerDay, pullCpuMsPerDay] = [pushCosts?.cpuMsPerDay ?? null, pullCosts?.cpuMsPerDay ?? null]
  if (pushCpuMsPerDay !== null && pullCpuMsPerDay !== null) {
    const { side, factor, words } = compared(pushCpuMsPerDay, pullCpuMsPerDay)
    sentences.push(
      reason(
        side === null ? 'CPU_ALIKE' : `${side}_LESS_CPU`,
        { pushCpuMsPerDay, pullCpuMsPerDay, factor },
        `Push takes at most ${durationText(pushCpuMsPerDay)} of server CPU a day, polling at most ${durationText(pullCpuMsPerDay)}: ${words}.`
      )
    )
  }
  return sentences
}

const LOWER_BOUND =
  'Nobody says when the updates were generated: how late push is counts from the lane that had them first.'

/** Factors beyond this are "far more". */
const MOST_TIMES = 1e6

/** Which side takes clearly less; null for neither. */
function compared(
  push: number,
  pull: number
): { side: 'PUSH' | 'PULL' | null; factor: number; words: string } {
  const [less, more] = [Math.min(push, pull), Math.max(push, pull)]
  const factor = more === less ? 1 : Math.min(MOST_TIMES, more / less)
  if (factor < CLEARLY_DEARER) return { side: null, factor, words: 'no clear difference' }
  const times = factor < 9.95 ? factor.toFixed(1) : factor.toFixed(0)
  return push < pull
    ? { side: 'PUSH', factor, words: `polling takes ${times} times as much` }
    : { side: 'PULL', factor, words: `push takes ${times} times as much` }
}

function emptyPolls(situation: Situation, intervalMs: Ms): Reason {
  const share = emptyShareAt(situation, intervalMs)
  const ratePerSecond = rateOf(situation)
  return reason(
    'EMPTY_POLLS',
    { share, intervalMs, ratePerSecond },
    `Of the polls every ${preciseDurationText(intervalMs)}, ${shareText(share)} would bring nothing: updates come every ${durationText(1000 / ratePerSecond)} on average.`
  )
}

const targetText = (targetMs: Ms, targetShare: Share): string =>
  `${shareText(targetShare)} of the updates within ${preciseDurationText(targetMs)}`

const reason = (code: string, params: SentenceParams, message: string): Reason => ({ code, params, message })
