import type { Ms } from '../units.js'
import { aliasing } from './aliasing.js'
import { clockRules, clockStep } from './clock-flags.js'
import { figure, flag } from './flag.js'
import type { LaneFacts, LaneRule } from './lane-facts.js'
import { MOST_LANES } from './lanes.js'
import type { Flag } from './report.js'
import { MOST_STREAMS } from './streams.js'
import { tooFew, tooShort } from './too-few.js'
import { untold } from './untold.js'

/** Busy share of a thread from which on what it does is late. */
const SATURATED = 0.7

const rules: readonly LaneRule[] = [
  ...untold,
  aliasing,
  ({ model, intervalMs, lagP99Ms }) =>
    model === 'pull' && intervalMs !== null && lagP99Ms !== null && lagP99Ms > intervalMs / 10
      ? flag(
          'SCHEDULE_LAG',
          `One poll in a hundred left more than ${figure(lagP99Ms)} ms late.`,
          ['latencyMs', 'ageMs'],
          'Give this computer less to do, or poll less often.',
          { case: 'poll', lagMs: lagP99Ms }
        )
      : null,
  ({ busyShare }) =>
    busyShare !== null && busyShare > SATURATED
      ? flag(
          'SATURATED',
          `The server’s thread is busy ${Math.round(busyShare * 100)} % of the time.`,
          ['latencyMs', 'server'],
          'Lower the rate of updates, polls or clients.',
          { case: 'server', busyShare }
        )
      : null,
  ({ ownBusyShare }) =>
    ownBusyShare !== null && ownBusyShare > SATURATED
      ? flag(
          'SATURATED',
          `The thread that measures is busy ${Math.round(ownBusyShare * 100)} % of the time: updates are noticed late.`,
          ['latencyMs', 'latencyDeliveredMs', 'behindFirstMs', 'scheduleLagMs'],
          'Give this Node-RED less to do.',
          { case: 'own', busyShare: ownBusyShare }
        )
      : null,
  ...clockRules,
  ({ unequal }) =>
    unequal === null
      ? null
      : flag(
          'UNEQUAL',
          unequal.message,
          ['bytes', 'latencyMs', 'updates'],
          'Give the compared lanes equal settings, and reset the figures.',
          unequal.params
        ),
  ({ endedSeconds }) =>
    endedSeconds === null
      ? null
      : flag(
          'LANE_ENDED',
          `Nothing has come from this source for ${figure(endedSeconds)} s; the figures end there.`,
          [],
          'Reset the figures to forget lanes that have ended.',
          { silentMs: endedSeconds * 1000 }
        ),
  ({ paused }) =>
    paused
      ? flag(
          'PAUSED',
          'The source is paused: what it holds grows old meanwhile.',
          ['latencyMs', 'ageMs', 'freshShare', 'versionsBehind', 'targetShare'],
          'Send it a message with running: true, and reset the figures.'
        )
      : null,
  ({ silentSeconds }) =>
    silentSeconds === null
      ? null
      : flag(
          'SILENT',
          `There are updates that did not come here for ${figure(silentSeconds)} s.`,
          [],
          'See the status of the source: stream, topic filter or server may be wrong.',
          { silentMs: silentSeconds * 1000 }
        ),
  ({ previous }) =>
    previous > 0
      ? flag(
          'SETTINGS_CHANGED',
          'The settings of the source have changed: its figures began anew.',
          [],
          'See the earlier figures under “previous”.'
        )
      : null,
  tooFew,
  tooShort
]

/** Everything that makes a figure of the lane inconclusive. */
export function laneFlags(facts: LaneFacts): readonly Flag[] {
  const flags: Flag[] = []
  for (const rule of rules) {
    const found = rule(facts)
    if (found !== null) flags.push(found)
  }
  return flags
}

/**
 * What holds for the report as a whole.
 * @param dropped - lanes beyond the most
 * @param apartMs - wall clock minus ours
 */
export function reportFlags(dropped: number, apartMs: Ms): readonly Flag[] {
  const step = clockStep(apartMs, [])
  return [...(dropped === 0 ? [] : [lanesDropped(dropped)]), ...(step === null ? [] : [step])]
}

const lanesDropped = (dropped: number): Flag =>
  flag(
    'LANES_DROPPED',
    `${dropped} more lanes than one node measures: ${MOST_LANES}, of ${MOST_STREAMS} streams.`,
    ['lanes'],
    'Use narrower topic filters, or several metrics nodes.',
    { dropped, lanes: MOST_LANES, streams: MOST_STREAMS }
  )
