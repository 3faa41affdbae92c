import { flag } from './flag.js'
import type { LaneFacts, LaneRule } from './lane-facts.js'
import type { Flag } from './report.js'

const truthful = ['latencyMs', 'freshShare', 'versionsBehind', 'targetShare']
const uncounted = ['generated', 'superseded', 'lost', 'pending', 'outOfOrder'].map(key => `updates.${key}`)
const UNITS: Readonly<Record<number, string>> = { 86400000: 'days', 60000: 'minutes' }
const unitOf = (resolutionMs: number): string => UNITS[resolutionMs] ?? 'seconds'
/** Deliveries from which on whole seconds are no accident. */
const LEAST_TIMES = 10

/** What nobody tells this node: outputs that are not wired, payloads without numbers, times or zones. */
export const untold: readonly LaneRule[] = [
  facts => (facts.originWired ? null : facts.foreign ? withoutOrigin(facts) : originUnheard(facts)),
  ({ originWired, coarse, assumed }) =>
    coarse > 0 || (originWired && assumed > 0)
      ? flag(
          'TRUTH_COARSE',
          `${coarse + assumed} updates are known only by the mean of a run: the lane was far behind, or the origin’s messages did not all come.`,
          ['latencyMs.p50', 'latencyMs.p90', 'latencyMs.p99', 'latencyMs.p999'],
          'Poll more often, or wire the origin straight into this node.',
          { updates: coarse + assumed }
        )
      : null,
  ({ hasTotals, hasExchanges, model }) =>
    hasExchanges
      ? null
      : flag(
          'EXCHANGES_NOT_WIRED',
          'Errors, empty polls and outages are not seen as they happen.',
          [
            ...(hasTotals ? [] : ['exchanges', 'bytes', 'connections', 'server']),
            ...(model === 'pull' ? ['scheduleLagMs', 'clock'] : [])
          ],
          'Wire the second output of the source into this node.'
        ),
  ({ shared }) =>
    shared > 1
      ? flag(
          'COSTS_SHARED',
          `Requests, bytes and connections are those of the source; its ${shared} streams share them.`,
          ['exchanges', 'bytes', 'connections'],
          'Use one source for each stream to tell their costs apart.',
          { streams: shared }
        )
      : null,
  ({ foreign, placed, count }) =>
    foreign
      ? flag(
          'FOREIGN_IDS',
          'The updates carry no sequence numbers: gaps cannot be seen.',
          placed
            ? ['updates.generated', 'updates.lost']
            : count > 0
              ? uncounted
              : [...uncounted, 'behindFirstMs'],
          'Send the updates through a delivery-origin, or set the id property, where that is possible.'
        )
      : null,
  ({ untimed }) =>
    untimed
      ? flag(
          'NO_GENERATION_TIME',
          'Nobody says when the updates were generated: lanes are compared by which had them first.',
          ['latencyMs', 'latencyDeliveredMs', 'ageMs', 'freshShare', 'versionsBehind', 'targetShare'],
          'Set the time property, where the payload tells a time.'
        )
      : null,
  ({ zoneMissing }) =>
    zoneMissing
      ? flag(
          'TIME_ZONE_MISSING',
          'The times in the payload have no zone and were read as UTC.',
          ['latencyMs', 'latencyDeliveredMs', 'ageMs', 'targetShare'],
          'Let the sender write times with a zone (2026-01-31T12:00:00Z).'
        )
      : null,
  ({ foreign, untimed, resolutionMs, medianMs, count }) =>
    foreign && !untimed && count >= LEAST_TIMES && medianMs !== null && resolutionMs > Math.abs(medianMs) / 10
      ? flag(
          'TIME_RESOLUTION',
          `The times in the payload are whole ${unitOf(resolutionMs)}: that much error is in every latency.`,
          ['latencyMs', 'latencyDeliveredMs'],
          'Let the sender write fractions of a second.',
          { case: unitOf(resolutionMs) }
        )
      : null
]

/** Its origin may be ours, and only its wire to this node is missing. */
function originUnheard({ assumed }: LaneFacts): Flag {
  const blind = assumed > 0
  return flag(
    'ORIGIN_NOT_WIRED',
    blind
      ? 'Nobody says when the updates that this lane skipped were generated.'
      : 'What was generated is known only from what the lanes delivered.',
    blind ? truthful : ['updates.pending'],
    'Wire the output of the origin into this node.',
    { case: blind ? 'blind' : 'union' }
  )
}

/** Updates from somewhere else: there is no wire to draw, and at best other lanes that tell of them. */
function withoutOrigin({ placed, matchedBy, assumed }: LaneFacts): Flag {
  const known = placed
    ? `what was generated is known only from what the lanes delivered${matchedBy ? `, matched by ${matchedBy}` : ''}`
    : 'what was generated is not known, and nothing here can be matched with another lane'
  const message = `No origin of ours stamps these updates: ${known}.`
  if (!placed)
    return flag(
      'NO_GROUND_TRUTH',
      message,
      truthful,
      'Measure a push lane, or one that reads the log, of the same stream beside it; or send the updates through a delivery-origin.'
    )
  return flag(
    'ORIGIN_NOT_WIRED',
    message,
    assumed === 0 ? ['updates.pending'] : truthful,
    'Nothing is left to wire. To know every update, send them through a delivery-origin.',
    { case: matchedBy ?? 'foreign' }
  )
}
