import type { LaneReport } from '../../../lib/metrics/report.js'
import { conclusive, spoilerOf } from './conclusive.js'
import { nameText } from './names.js'
import { type Sentence, sentence, type Wording } from './sentence.js'

/** What a lane is called in a sentence: by its model, or by its name where several lanes have that model. */
export type Naming = (lane: LaneReport) => 'push' | 'pull' | 'lane'

/** `Polling asked 12 times for 8 updates`, `4 polls came back empty`, `3 updates were never seen`. */
export function costsOf(
  lane: LaneReport,
  who: 'push' | 'pull' | 'lane',
  { numbers, plural }: Wording
): readonly Sentence[] {
  const name = nameText(lane.name)
  const { requests, empty, notModified } = lane.exchanges
  const clauses: Sentence[] = []
  const spoiler = spoilerOf(lane, 'exchanges.requests')
  if (requests === null || spoiler !== null) {
    const why = spoiler?.code === 'COSTS_SHARED' ? 'costsShared' : 'costsUnknown'
    clauses.push(sentence(`headline.${why}`, { name }))
  } else {
    clauses.push(asked(requests, conclusive(lane, 'updates.delivered', lane.updates.delivered)))
    clauses.push(...counted('headline.empty', (empty ?? 0) + (notModified ?? 0)))
  }
  clauses.push(...counted('headline.unseen', conclusive(lane, 'updates.superseded', lane.updates.superseded)))
  return clauses

  function asked(requests: number, updates: number | null): Sentence {
    const asker = who === 'lane' ? 'lane' : 'pull'
    const params = { name, requests: numbers.count(requests) }
    // at the very start there is nothing to set against it
    if (updates === null || updates === 0)
      return sentence(`headline.askedOnly.${asker}.${plural(requests)}`, params, [requests])
    return sentence(
      `headline.asked.${asker}.${plural(requests)}.${plural(updates)}`,
      { ...params, updates: numbers.count(updates) },
      [requests, updates]
    )
  }
  function counted(key: string, count: number | null): readonly Sentence[] {
    if (count === null || count === 0) return []
    return [sentence(`${key}.${plural(count)}`, { number: numbers.count(count) }, [count])]
  }
}

/** States of a lane that a reader must know of before its figures. */
const STATES = ['LANE_ENDED', 'PAUSED', 'SILENT'] as const

/** Updates lost, requests that failed, and lanes that have fallen silent. */
export function troublesOf(
  lanes: readonly LaneReport[],
  naming: Naming,
  { numbers, plural }: Wording
): readonly Sentence[] {
  return lanes.flatMap(lane => {
    const name = nameText(lane.name)
    const who = naming(lane)
    const lost = conclusive(lane, 'updates.lost', lane.updates.lost) ?? 0
    const { errors, timeouts } = lane.exchanges
    const failed = (conclusive(lane, 'exchanges.errors', errors) ?? 0) + (timeouts ?? 0)
    const state = STATES.find(code => lane.flags.some(flag => flag.code === code))
    const counts = [
      [`headline.lost.${who}`, lost],
      [`headline.failed.${who === 'lane' ? 'lane' : lane.model}`, failed]
    ] as const
    return [
      ...counts
        .filter(([, count]) => count > 0)
        .map(([key, count]) =>
          sentence(`${key}.${plural(count)}`, { name, number: numbers.count(count) }, [count])
        ),
      ...(state === undefined ? [] : [sentence(`headline.state.${state}`, { name })])
    ]
  })
}
