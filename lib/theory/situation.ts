import type { Bytes, Ms, Share } from '../units.js'
import type { DecisionFacts, DecisionSettings } from './decision.js'
import type { Gaps } from './gaps.js'
import { shareWithin } from './share-within.js'

export const DAY_MS: Ms = 86_400_000

/** Facts and settings of one decision, with all times real. */
export interface Situation {
  readonly facts: DecisionFacts
  readonly settings: DecisionSettings
  readonly gaps: Gaps
  /** Real ms per recorded ms of a gap; another rate of the same traffic is another stretch. */
  readonly stretch: number
  /** Null while not measured. */
  readonly wayBackMs: Ms | null
  /** Share of the pushed updates that came within so many real ms; null while nothing is known. */
  readonly pushedWithin: ((ms: Ms) => Share) | null
}

export function situationOf(facts: DecisionFacts, settings: DecisionSettings, gaps: Gaps): Situation {
  const { speed, wayBackMs, push } = facts
  const within = push?.latencyMs && push.latencyMs.count > 0 ? shareWithin(push.latencyMs) : null
  return {
    facts,
    settings,
    gaps,
    stretch: speed,
    wayBackMs: wayBackMs === null ? null : wayBackMs * speed,
    pushedWithin: within && (ms => within(ms / speed))
  }
}

/** Stamps are exact to a microsecond: what is shorter is no time. */
export const LEAST_MS: Ms = 0.001

/** Whether there is any traffic to predict from. */
export const hasTraffic = ({ gaps }: Situation): boolean => gaps.count > 0 && gaps.total >= LEAST_MS

/** Updates per second, real. */
export const rateOf = ({ gaps, stretch }: Situation): number => (gaps.count * 1000) / (gaps.total * stretch)

/** Time that the recorded gaps cover, real. */
export const spanOf = ({ gaps, stretch }: Situation): Ms => gaps.total * stretch

/** U1: share of the polls at this real interval that bring nothing. */
export const emptyShareAt = ({ gaps, stretch }: Situation, intervalMs: Ms): Share =>
  gaps.quietShare(intervalMs / stretch)

/** What all planned clients cost; null where it is not measured. */
export interface DailyCosts {
  readonly requestsPerSecond: number
  readonly bytesPerDay: Bytes | null
  /** CPU time of the server, ms a day. */
  readonly cpuMsPerDay: Ms | null
}

/** Polling at a real interval. @param emptyShare - where it is not the predicted one */
export function pullCosts(
  situation: Situation,
  intervalMs: Ms,
  emptyShare: Share = emptyShareAt(situation, intervalMs)
): DailyCosts {
  const { facts, settings } = situation
  const { bytesUpdated = null, bytesEmpty = null, cpuMicrosPerRequest = null } = facts.poll ?? {}
  const requestsPerDay = (settings.clients * DAY_MS) / intervalMs
  return {
    requestsPerSecond: (settings.clients * 1000) / intervalMs,
    bytesPerDay:
      bytesUpdated === null || bytesEmpty === null
        ? null
        : requestsPerDay * ((1 - emptyShare) * bytesUpdated + emptyShare * bytesEmpty),
    cpuMsPerDay: cpuMicrosPerRequest === null ? null : (requestsPerDay * cpuMicrosPerRequest) / 1000
  }
}

/** Pushing every update to every client. */
export function pushCosts(situation: Situation): DailyCosts {
  const { facts, settings } = situation
  const { bytesPerUpdate = null, cpuMicrosPerUpdate = null } = facts.push ?? {}
  const pushedPerDay = (settings.clients * rateOf(situation) * DAY_MS) / 1000
  return {
    requestsPerSecond: 0,
    bytesPerDay: bytesPerUpdate === null ? null : pushedPerDay * bytesPerUpdate,
    cpuMsPerDay: cpuMicrosPerUpdate === null ? null : (pushedPerDay * cpuMicrosPerUpdate) / 1000
  }
}
