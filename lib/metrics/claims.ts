import { bytesText, durationText, numberText, shareText } from '../quantities.js'
import type { SentenceParams } from '../theory/decision.js'
import { CLAIM_IDS, type ClaimId } from './claim-examples.js'
import { type Comparison, clearlyMore, earlier, type Pair, pairOf } from './claim-pair.js'
import type { Advice, Claim, LaneReport } from './report.js'

/** A claim without its id. */
type Finding = Omit<Claim, 'id'>
type Rule = (lanes: readonly LaneReport[], advice: Advice | null, pair: Pair | null) => Finding

/** Servers less busy than this spend most of it on being there. */
const LEAST_BUSY = 0.01
/** Fewer empty polls than this are no waste to speak of. */
const WASTEFUL = 0.1

/**
 * The ten sentences of the classic comparison (DESIGN, first table), as far as this very run tests them.
 *
 * Codes of reasons, with the figures as params: `CLAIM_NO_PAIR` · `CLAIM_TOO_FEW` updates, needed ·
 * `CLAIM_SPOILED` flag · `CLAIM_COSTS_UNKNOWN` · `CLAIM_NO_OUTAGE` · `CLAIM_NEEDS_FLEET` · `CLAIM_NO_DEMAND` ·
 * `CLAIM_NO_INTERVAL` · `CLAIM_NO_ADVICE` · `CLAIM_IDLE` where it is not tested;
 * `PUSH_EARLIER`, `PUSH_NOT_EARLIER` pushMs, pullMs · `PUSH_LIGHTER`, `PUSH_NOT_LIGHTER` pushBytes, pullBytes,
 * requestsPerUpdate · `PUSH_BUSIER`, `PUSH_NOT_BUSIER` pushMicros, pullMicros ·
 * `PUSH_BACK_LATER`, `PUSH_NOT_BACK_LATER` pushMs, pullMs, pushLost · `ASKED_ON_DEMAND` requests ·
 * `POLL_WAITS`, `POLL_WAITS_NOT` latencyMs, intervalMs · `POLLS_EMPTY`, `POLLS_NOT_EMPTY` emptyShare,
 * requestsPerUpdate · `VERDICT_TURNS`, `VERDICT_STAYS` verdict, otherwise
 */
export function claimsOf(lanes: readonly LaneReport[], advice: Advice | null): readonly Claim[] {
  const pair = pairOf(lanes)
  return CLAIM_IDS.map(id => ({ id, ...rules[id](lanes, advice, pair) }))
}

const rules: Readonly<Record<ClaimId, Rule>> = {
  'push-lower-latency': (_lanes, _advice, pair) => {
    const figures = { pushMs: pair?.push.latency?.mean ?? null, pullMs: pair?.pull.latency?.mean ?? null }
    const doubt = doubtOf(pair, pair?.push.lane.latencyMs ? 'latencyMs' : 'behindFirstMs', figures)
    if (doubt !== null) return doubt
    const words = `${durationText(figures.pushMs ?? 0)} pushed, ${durationText(figures.pullMs ?? 0)} polled, on average.`
    return told(earlier(pair?.push, pair?.pull), ['PUSH_EARLIER', 'PUSH_NOT_EARLIER'], figures, words)
  },
  'push-less-client-overhead': (_lanes, _advice, pair) => {
    const figures = {
      pushBytes: pair?.push.lane.bytes.perUpdate ?? null,
      pullBytes: pair?.pull.lane.bytes.perUpdate ?? null,
      requestsPerUpdate: pair?.pull.lane.exchanges.requestsPerUpdate ?? null
    }
    const doubt = doubtOf(pair, 'bytes', figures)
    if (doubt !== null) return doubt
    const words = `${bytesText(figures.pushBytes ?? 0)} per update pushed, ${bytesText(figures.pullBytes ?? 0)} in ${numberText(figures.requestsPerUpdate ?? 0)} requests per update polled.`
    return told(
      clearlyMore(figures.pullBytes, figures.pushBytes),
      ['PUSH_LIGHTER', 'PUSH_NOT_LIGHTER'],
      figures,
      words
    )
  },
  'push-higher-server-load': (_lanes, _advice, pair) => {
    const figures = {
      pushMicros: pair?.push.lane.server?.cpuMicrosPerUpdate ?? null,
      pullMicros: pair?.pull.lane.server?.cpuMicrosPerUpdate ?? null
    }
    const doubt = doubtOf(pair, 'server', figures)
    if (doubt !== null) return doubt
    const busiest = Math.max(pair?.push.lane.server?.busyShare ?? 0, pair?.pull.lane.server?.busyShare ?? 0)
    if (busiest < LEAST_BUSY) return notTested('CLAIM_IDLE', figures)
    const words = `${(figures.pushMicros ?? 0).toFixed(0)} µs of server CPU per update to push it, ${(figures.pullMicros ?? 0).toFixed(0)} µs to answer polls, with the clients of this run.`
    return told(
      clearlyMore(figures.pushMicros, figures.pullMicros),
      ['PUSH_BUSIER', 'PUSH_NOT_BUSIER'],
      figures,
      words
    )
  },
  'push-more-complex': (_lanes, _advice, pair) => {
    const [pushed, polled] = [pair?.push.lane, pair?.pull.lane].map(lane =>
      lane?.outages.findLast(outage => outage.recoveryMs !== null)
    )
    const figures = {
      pushMs: pushed?.recoveryMs ?? null,
      pullMs: polled?.recoveryMs ?? null,
      pushLost: pushed?.lost ?? null
    }
    if (pair === null) return notTested('CLAIM_NO_PAIR', figures)
    if (figures.pushMs === null || figures.pullMs === null) return notTested('CLAIM_NO_OUTAGE', figures)
    const lost = figures.pushLost ?? 0
    const words = `After the outage push was back in ${durationText(figures.pushMs)} and lost ${lost}, polling in ${durationText(figures.pullMs)}.`
    const holds = lost > (polled?.lost ?? 0) || clearlyMore(figures.pushMs, figures.pullMs)
    return told(holds, ['PUSH_BACK_LATER', 'PUSH_NOT_BACK_LATER'], figures, words)
  },
  'push-many-connections': () => notTested('CLAIM_NEEDS_FLEET', { clients: null, latencyMs: null }),
  'pull-client-control': lanes => {
    const requests = lanes.find(({ trigger }) => trigger === 'input')?.exchanges.requests ?? null
    const figures = { requests, pushRequests: requests === null ? null : 0 }
    if (requests === null || requests === 0) return notTested('CLAIM_NO_DEMAND', figures)
    const words = `Polls sent when the client wanted them: ${requests}. A push comes when it comes.`
    return told(true, ['ASKED_ON_DEMAND', 'ASKED_ON_DEMAND'], figures, words)
  },
  'pull-scales': () => notTested('CLAIM_NEEDS_FLEET', { clients: null, latencyMs: null }),
  'pull-higher-latency': lanes => {
    const lane = lanes.find(({ trigger, latencyMs }) => trigger === 'interval' && latencyMs !== null)
    const { intervalMs = null, latencyMs = null } = lane ?? {}
    const figures = {
      latencyMs: latencyMs?.mean ?? null,
      intervalMs,
      theoryMs: lane?.theory?.latencyMeanMs ?? null
    }
    if (lane === undefined || latencyMs === null || intervalMs === null)
      return notTested('CLAIM_NO_INTERVAL', figures)
    const doubt = weak(lane, latencyMs.count, 'latencyMs', figures)
    if (doubt !== null) return doubt
    const words = `Polled every ${durationText(intervalMs)}, an update is ${durationText(latencyMs.mean)} late on average.`
    // what is not waiting for the next poll is the way back
    const holds = latencyMs.mean > intervalMs / 4
    return told(holds, ['POLL_WAITS', 'POLL_WAITS_NOT'], figures, words)
  },
  'pull-wasteful': lanes => {
    const polling = lanes.filter(({ model, exchanges }) => model === 'pull' && exchanges.emptyShare !== null)
    const lane = polling.find(({ trigger }) => trigger === 'interval') ?? polling[0]
    const { emptyShare = null, requestsPerUpdate = null } = lane?.exchanges ?? {}
    const figures = { emptyShare, requestsPerUpdate }
    if (lane === undefined || emptyShare === null) return notTested('CLAIM_NO_INTERVAL', figures)
    const doubt = weak(lane, lane.exchanges.requests ?? 0, 'exchanges', figures)
    if (doubt !== null) return doubt
    const perUpdate =
      requestsPerUpdate === null ? '' : `, ${numberText(requestsPerUpdate)} requests per update`
    const words = `${shareText(emptyShare)} of the polls brought nothing${perUpdate}.`
    return told(emptyShare > WASTEFUL, ['POLLS_EMPTY', 'POLLS_NOT_EMPTY'], figures, words)
  },
  'it-depends': (_lanes, advice) => {
    const verdict = advice?.verdict ?? null
    const other = advice?.wouldChange[0]
    const otherwise = other === undefined ? null : String(other.params.verdict)
    const figures = { verdict, otherwise }
    if (verdict === null || verdict === 'not-conclusive') return notTested('CLAIM_NO_ADVICE', figures)
    return other === undefined
      ? told(false, ['VERDICT_TURNS', 'VERDICT_STAYS'], figures, 'Nothing near turns the advice.')
      : told(true, ['VERDICT_TURNS', 'VERDICT_STAYS'], figures, `Here ${verdict}. ${other.message}`)
  }
}

const nothing = {
  CLAIM_NO_PAIR: 'It takes a push lane and a pull lane of one stream.',
  CLAIM_COSTS_UNKNOWN: 'What it rests on is not measured in this run.',
  CLAIM_IDLE: 'Both servers have next to nothing to do: what their CPU goes into cannot be told.',
  CLAIM_NO_OUTAGE: 'No outage has been seen on both lanes yet.',
  CLAIM_NEEDS_FLEET: 'It takes many clients at the same time.',
  CLAIM_NO_DEMAND: 'No lane polls on demand.',
  CLAIM_NO_INTERVAL: 'No lane with figures polls by interval.',
  CLAIM_NO_ADVICE: 'The advice is not conclusive yet.'
} as const

function notTested(code: keyof typeof nothing, figures: Claim['figures']): Finding {
  return { verdict: 'not-tested', figures, reason: { code, params: {}, message: nothing[code] } }
}

function told(
  holds: boolean,
  [yes, no]: readonly [string, string],
  figures: Claim['figures'],
  message: string
): Finding {
  return {
    verdict: holds ? 'holds' : 'does-not-hold',
    figures,
    reason: { code: holds ? yes : no, params: known(figures), message }
  }
}

/** The figures that are known. */
function known(figures: Claim['figures']): SentenceParams {
  return Object.fromEntries(
    Object.entries(figures).filter((entry): entry is [string, number | string] => entry[1] !== null)
  )
}

/** Why the two lanes do not answer yet; null when they do. */
function doubtOf(pair: Pair | null, path: string, figures: Claim['figures']): Finding | null {
  if (pair === null) return notTested('CLAIM_NO_PAIR', figures)
  for (const side of [pair.push, pair.pull]) {
    const doubt = weak(side.lane, countOf(side), path, figures)
    if (doubt !== null) return doubt
  }
  return Object.values(figures).includes(null) ? notTested('CLAIM_COSTS_UNKNOWN', figures) : null
}

const countOf = ({ lane, latency }: Comparison): number => latency?.count ?? lane.updates.delivered

/** Updates, or polls, from which on a mean tells something. */
const LEAST = 30

/** Polls late now and then move no mean. */
function isRare(code: string, { scheduleLagMs, intervalMs }: LaneReport): boolean {
  return (
    code === 'SCHEDULE_LAG' &&
    scheduleLagMs !== null &&
    intervalMs !== null &&
    scheduleLagMs.p50 < intervalMs / 20
  )
}

/** Why one lane does not answer yet. */
function weak(lane: LaneReport, count: number, path: string, figures: Claim['figures']): Finding | null {
  if (count < LEAST)
    return {
      verdict: 'not-tested',
      figures,
      reason: {
        code: 'CLAIM_TOO_FEW',
        params: { updates: count, needed: LEAST },
        message: `It takes ${LEAST} updates on each lane, ${count} so far.`
      }
    }
  const spoiling = lane.flags.find(({ code, spoils }) => spoils.includes(path) && !isRare(code, lane))
  if (spoiling === undefined) return null
  return {
    verdict: 'not-tested',
    figures,
    reason: {
      code: 'CLAIM_SPOILED',
      params: { flag: spoiling.code },
      message: `A figure that it rests on is not reliable (${spoiling.code}).`
    }
  }
}
