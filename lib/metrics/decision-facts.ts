import { Histogram } from '../stats/histogram.js'
import type { DecisionFacts } from '../theory/decision.js'
import type { Model } from '../update/delivery.js'
import type { Lane } from './lane.js'
import { knowledgeOf } from './lane-report.js'
import { type KindCosts, wayBackOf } from './poll-costs.js'
import type { Flag, LaneReport, StreamReport } from './report.js'
import type { Stream } from './stream.js'

/** A lane with its figures. */
export interface MeasuredLane {
  readonly lane: Lane
  readonly report: LaneReport
}

const PUSH_RESTS_ON = ['latencyMs', 'targetShare', 'bytes', 'server']
const PUSH_BEHIND_RESTS_ON = ['behindFirstMs', 'bytes', 'server']
const PULL_RESTS_ON = ['exchanges', 'bytes', 'server']
const PREDICTION_RESTS_ON = ['gaps']
/** A thread that does next to nothing spends most of it on being there: below this share of a core, nothing is told apart. */
const LEAST_CPU = 0.01

/**
 * What a decision on this stream rests on, from the lanes of this very run.
 * @param measured - all lanes of the metrics node: lanes of other streams use the same servers
 */
export function decisionFacts(
  stream: Stream,
  { flags }: Pick<StreamReport, 'flags'>,
  measured: readonly MeasuredLane[]
): DecisionFacts {
  const own = measured.filter(
    ({ lane }) => lane.home === stream || (lane.home === null && lane.stream === stream.name)
  )
  const pushed = pushLane(own)
  const polled = pollLanes(own)
  return {
    stream: stream.name,
    speed: stream.speed,
    gaps: stream.gaps.toJSON(),
    wayBackMs: wayBackOf(sumOf(polled.map(({ lane }) => lane.polls.read().durations))),
    push: pushed && pushFacts(pushed, measured),
    poll: polled.length === 0 ? null : pollFacts(polled, measured),
    spoiledBy: [
      ...new Set([
        ...spoiling(flags, PREDICTION_RESTS_ON).filter(code => matters(code, stream)),
        ...(pushed === null ? [] : spoiling(pushed.report.flags, restsOn(pushed))),
        ...polled.flatMap(({ report }) => spoiling(report.flags, PULL_RESTS_ON))
      ])
    ]
  }
}

/**
 * Updates that are late now and then change no prediction; and without a replay they are traffic as it was. Only a
 * replay that is late all the time stands for other traffic than that.
 */
function matters(code: string, { speed, scheduleLag, gaps }: Stream): boolean {
  return code !== 'SCHEDULE_LAG' || (speed !== 1 && scheduleLag.quantile(0.5) > gaps.mean / 10)
}

/** The first push lane with a latency that nothing spoils, else with any, else one that tells how far behind the first it is. */
function pushLane(lanes: readonly MeasuredLane[]): MeasuredLane | null {
  const pushed = lanes.filter(({ lane }) => lane.model === 'push')
  const timed = pushed.filter(({ report }) => report.latencyMs !== null)
  return (
    timed.find(({ report }) => spoiling(report.flags, PUSH_RESTS_ON).length === 0) ??
    timed[0] ??
    pushed.find(({ report }) => report.behindFirstMs !== null) ??
    pushed[0] ??
    null
  )
}

/** Those that read the latest value, as the prediction does; else all that poll. */
function pollLanes(lanes: readonly MeasuredLane[]): readonly MeasuredLane[] {
  const polled = lanes.filter(({ lane }) => lane.model === 'pull')
  const latest = polled.filter(({ lane }) => lane.read === 'latest' && lane.polls.read().durations.count > 0)
  return latest.length > 0 ? latest : polled
}

/** Its latencies are worth something; where only clocks make them doubtful, how far it is behind the first is not. */
const isTimed = ({ lane, report }: MeasuredLane): boolean =>
  knowledgeOf(lane).known &&
  (lane.behindFirst.count === 0 || !report.flags.some(({ code }) => CLOCKS.includes(code)))

const CLOCKS: readonly string[] = ['CLOCK', 'CLOCK_STEP', 'CLOCK_UNKNOWN']

const restsOn = (pushed: MeasuredLane): readonly string[] =>
  isTimed(pushed) ? PUSH_RESTS_ON : PUSH_BEHIND_RESTS_ON

function pushFacts(pushed: MeasuredLane, all: readonly MeasuredLane[]): DecisionFacts['push'] {
  const { lane, report } = pushed
  const timed = isTimed(pushed)
  const latency = timed ? lane.ledger.latency : lane.behindFirst
  return {
    latencyMs: latency.count > 0 ? latency.toJSON() : null,
    ...(timed ? {} : { lowerBound: true }),
    bytesPerUpdate: report.bytes.perUpdate,
    cpuMicrosPerUpdate: cpuMicros([pushed], all, 'push')
  }
}

function pollFacts(polled: readonly MeasuredLane[], all: readonly MeasuredLane[]): DecisionFacts['poll'] {
  const costs = polled.map(({ lane }) => lane.polls.read())
  return {
    bytesUpdated: meanBytes(costs.map(({ updated }) => updated)),
    bytesEmpty: meanBytes(costs.map(({ empty }) => empty)),
    cpuMicrosPerRequest: cpuMicros(polled, all, 'pull')
  }
}

function meanBytes(kinds: readonly KindCosts[]): number | null {
  const count = kinds.reduce((sum, kind) => sum + kind.count, 0)
  const bytes = kinds.reduce((sum, kind) => sum + kind.bytes, 0)
  return count > 0 && bytes > 0 ? bytes / count : null
}

/**
 * CPU of the server for one request, or for one update to one client: what its thread used in the window, over
 * what all lanes of that server were answered or sent in that time. Null where it is not told, or too little to tell.
 */
function cpuMicros(of: readonly MeasuredLane[], all: readonly MeasuredLane[], model: Model): number | null {
  for (const { lane } of of) {
    const { server } = lane.costs.read()
    if (server === null || server.cpuMs === null || server.cpuMs < LEAST_CPU * server.elapsedMs) continue
    let perMs = 0
    for (const { lane: other } of all) {
      if (other.model !== model) continue
      const { totals, server: theirs } = other.costs.read()
      if (totals === null || theirs === null || theirs.since !== server.since || theirs.elapsedMs <= 0)
        continue
      perMs += (model === 'push' ? totals.updates : totals.requests) / other.shared / theirs.elapsedMs
    }
    if (perMs > 0) return ((server.cpuMs / server.elapsedMs) * 1000) / perMs
  }
  return null
}

/** Whether a flag says that a figure is wrong: what is not known is null already. */
function isWrong({ code, params }: Flag): boolean {
  if (code === 'EXCHANGES_NOT_WIRED') return false
  // the cost of one push or one poll is the same whenever a lane began; with TLS on one side only it is not
  return code !== 'UNEQUAL' || params.case === 'tls' || params.case === 'noTls'
}

function spoiling(flags: readonly Flag[], figures: readonly string[]): string[] {
  return flags
    .filter(flag => isWrong(flag) && flag.spoils.some(path => figures.includes(path)))
    .map(({ code }) => code)
}

function sumOf(histograms: readonly Histogram[]): Histogram {
  const sum = new Histogram()
  for (const histogram of histograms) sum.add(histogram)
  return sum
}
