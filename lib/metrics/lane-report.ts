import { confidenceOf } from '../stats/confidence.js'
import type { Histogram } from '../stats/histogram.js'
import type { TimeBatches } from '../stats/time-batches.js'
import type { EpochMs, Ms, Share } from '../units.js'
import type { Inequality } from './comparable.js'
import type { CostReading } from './costs.js'
import type { Lane } from './lane.js'
import { endOf, silence } from './lane-life.js'
import { theoryOf } from './lane-theory.js'
import type { LedgerReading } from './ledger.js'
import type { OutcomeCounts } from './outcomes.js'
import type { Distribution, Lag, LaneReport } from './report.js'
import { stampClockOf } from './stamp-clock.js'
import { laneFlags } from './validity.js'

/** What a lane is reported with. */
export interface LaneContext {
  readonly now: EpochMs
  readonly detail: boolean
  /** The source's node is gone from this runtime; null when it never was in it. */
  readonly gone: boolean | null
  readonly unequal: Inequality | null
  /** Wall clock minus ours. */
  readonly apartMs: Ms
  /** How busy the thread that measures is. */
  readonly ownBusyShare: Share | null
}

/** What is known of a lane's time: of what it delivered, and of every update of its window. */
export function knowledgeOf(lane: Lane): {
  readonly originWired: boolean
  readonly timed: boolean
  readonly known: boolean
} {
  const { home, ledger } = lane
  const originWired = home !== null && home.origin !== null
  // one that the reference had not yet must not take the figures of all others away
  const timed = lane.told.untimed <= lane.told.timed / 20 && !home?.untimed
  const known = timed && home !== null && (originWired || ledger.assumed === 0) && hasPlaces(lane)
  return { originWired, timed, known }
}

/** The figures of one lane (CONTRACT 5); null where a figure cannot be known. */
export function laneReport(lane: Lane, context: LaneContext): LaneReport {
  const { home, ledger, settings } = lane
  const endedAt = endOf(lane, context)
  const now = endedAt ?? context.now
  const speed = home?.speed ?? 1
  const reading = ledger.read(now, home?.truth ?? null, speed)
  const { originWired, timed, known } = knowledgeOf(lane)
  const costs = lane.costs.read()
  const latencyMs = known ? distribution(ledger.latency, ledger.latencyBatches, context.detail) : null
  const latencyDeliveredMs = timed
    ? distribution(ledger.latencyDelivered, ledger.latencyDeliveredBatches, context.detail)
    : null
  const { age } = reading
  const lag = lagOf(lane.scheduleLag)
  const server = serverFigures(costs)
  const theory = theoryOf(lane, timed)
  return {
    source: lane.source,
    name: lane.name,
    model: lane.model,
    stream: lane.stream,
    read: lane.read,
    trigger: settings?.trigger ?? null,
    intervalMs: settings?.intervalMs ?? null,
    waitMs: settings?.waitMs ?? null,
    qos: settings?.qos ?? null,
    since: lane.run.since,
    windowStart: lane.window.start,
    matchedBy: lane.matchedBy,
    updates: updateCounts(lane, reading),
    latencyMs,
    latencyDeliveredMs,
    behindFirstMs: distribution(lane.behindFirst, lane.behindFirstBatches, context.detail),
    ageMs: timed
      ? { now: age.nowMs, mean: age.meanMs, peakMean: age.peakMeanMs, max: age.maxMs }
      : { now: null, mean: null, peakMean: null, max: null },
    freshShare: known ? age.freshShare : null,
    versionsBehind: known ? age.versionsBehind : null,
    targetShare: known ? reading.targetShare : null,
    exchanges: exchangeFigures(costs, lane.exchanges > 0 ? lane.outcomes : null, reading.delivered),
    bytes: byteFigures(costs),
    connections: {
      open: costs.totals?.open ?? null,
      opened: costs.totals?.connections ?? null,
      reconnects: costs.totals?.reconnects ?? null
    },
    outages: lane.outages.read(home !== null && hasPlaces(lane) ? lane.read !== 'latest' : null),
    server,
    scheduleLagMs: lag,
    clock: lane.clock,
    fleet: null,
    theory,
    previous: lane.previous,
    flags: laneFlags({
      model: lane.model,
      count: known ? ledger.latency.count : lane.behindFirst.count,
      medianMs: (latencyMs ?? latencyDeliveredMs)?.p50 ?? null,
      intervalMs: settings?.intervalMs ?? null,
      jitter: lane.jitter,
      gaps: lane.gaps,
      predicted: theory !== null,
      lagP99Ms: lag?.p99 ?? null,
      busyShare: server?.busyShare ?? null,
      ownBusyShare: context.ownBusyShare,
      stampClock: stampClockOf(lane, context.gone),
      timed: lane.told.timed > 0,
      apartMs: context.apartMs,
      originWired,
      assumed: ledger.assumed,
      coarse: ledger.coarse,
      hasTotals: costs.totals !== null,
      hasExchanges: lane.exchanges > 0,
      shared: lane.shared,
      foreign: lane.told.foreign,
      placed: home !== null && hasPlaces(lane),
      matchedBy: lane.matchedBy,
      untimed: !timed,
      resolutionMs: lane.told.resolutionMs,
      zoneMissing: lane.told.zoneMissing,
      endedSeconds: endedAt === null ? null : (context.now - endedAt) / 1000,
      paused: lane.paused && endedAt === null,
      silentSeconds: endedAt === null ? silence(lane, reading, now, costs) : null,
      unequal: context.unequal,
      previous: lane.previous.length
    })
  }
}

/** Distribution of a histogram; null while it is empty. @param batches - the same values by time */
export function distribution(
  histogram: Histogram,
  batches: TimeBatches,
  detail: boolean
): Distribution | null {
  if (histogram.count === 0) return null
  return {
    count: histogram.count,
    mean: histogram.mean,
    min: histogram.min,
    p50: histogram.quantile(0.5),
    p90: histogram.quantile(0.9),
    p99: histogram.quantile(0.99),
    p999: histogram.quantile(0.999),
    max: histogram.max,
    ci95: confidenceOf(histogram, batches),
    ...(detail ? { histogram: histogram.toJSON() } : {})
  }
}

/** Null while it is empty. */
export function lagOf(histogram: Histogram): Lag | null {
  return histogram.count === 0 ? null : { p50: histogram.quantile(0.5), p99: histogram.quantile(0.99) }
}

/** Its deliveries have places in a sequence: what is missing can be counted. */
function hasPlaces(lane: Lane): boolean {
  return lane.held !== null || !lane.told.foreign
}

function updateCounts(lane: Lane, reading: LedgerReading): LaneReport['updates'] {
  const { generated, delivered, missed, pending, duplicate, outOfOrder, catchUp } = reading
  const placed = lane.home !== null && hasPlaces(lane)
  const latest = lane.read === 'latest'
  return {
    generated: placed ? generated : null,
    delivered,
    superseded: placed ? (latest ? missed : 0) : null,
    lost: placed ? (latest ? 0 : missed) : null,
    pending: placed ? pending : null,
    duplicate,
    outOfOrder: placed ? outOfOrder : null,
    catchUp
  }
}

function exchangeFigures(
  { totals, underWay }: CostReading,
  outcomes: OutcomeCounts | null,
  delivered: number
): LaneReport['exchanges'] {
  const counts: OutcomeCounts | null = totals ?? outcomes
  if (counts === null)
    return {
      requests: null,
      empty: null,
      notModified: null,
      errors: null,
      timeouts: null,
      throttled: null,
      skipped: null,
      emptyShare: null,
      requestsPerUpdate: null
    }
  const { requests, empty, notModified, errors, timeouts, throttled, skipped } = counts
  const answered = requests - (totals ? underWay : 0) - errors - timeouts - throttled
  // both sides of the ratio from one record: a message lost on the way costs nothing
  const updates = totals ? totals.updates : delivered
  return {
    requests,
    empty,
    notModified,
    errors,
    timeouts,
    throttled,
    skipped,
    emptyShare: answered > 0 ? Math.min(1, (empty + notModified) / answered) : null,
    requestsPerUpdate: updates > 0 ? requests / updates : null
  }
}

function byteFigures({ totals }: CostReading): LaneReport['bytes'] {
  if (totals === null) return { sent: null, received: null, perUpdate: null }
  const { bytesSent, bytesReceived, updates } = totals
  return {
    sent: bytesSent,
    received: bytesReceived,
    perUpdate: updates > 0 ? (bytesSent + bytesReceived) / updates : null
  }
}

function serverFigures({ server }: CostReading): LaneReport['server'] {
  if (server === null || server.elapsedMs <= 0) return null
  const { elapsedMs, busyMs, cpuMs, dropped, refused, updates } = server
  return {
    busyShare: busyMs / elapsedMs,
    cpuMicrosPerUpdate: cpuMs === null || updates <= 0 ? null : (cpuMs * 1000) / updates,
    dropped,
    refused
  }
}
