import type { LaneFacts } from '../model/timeline-facts.js'
import type { ViewContext } from './view.js'

/** What a lane did with the updates of the time shown: `pushed: all 14 arrived, median 3 ms`. */
export function laneSummary(
  name: string,
  { arrived, replaced, lost, medianMs, polls, emptyPolls, failedPolls }: LaneFacts,
  updates: number,
  { text, numbers }: ViewContext
): string {
  const counted = (key: string, count: number): string[] =>
    count === 0 ? [] : [text(count === 1 ? `${key}One` : key, { count: numbers.count(count) })]
  const all = arrived === updates && updates > 1
  return text('timeline.facts.line', {
    name,
    facts: [
      text(all ? 'timeline.facts.all' : 'timeline.facts.arrived', { count: numbers.count(arrived) }) +
        (medianMs === null ? '' : `, ${text('timeline.median', { latency: numbers.duration(medianMs) })}`),
      ...counted('timeline.facts.replaced', replaced),
      ...counted('timeline.facts.lost', lost),
      ...counted('timeline.facts.polls', polls),
      ...counted('timeline.facts.empty', emptyPolls),
      ...counted('timeline.facts.failed', failedPolls)
    ].join(', ')
  })
}
