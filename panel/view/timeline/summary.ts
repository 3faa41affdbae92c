import type { LaneFacts } from '../../model/timeline/facts.js'
import type { ViewContext } from '../view.js'

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

/** Widths from which there is room for a word with the figure, and for more figures. */
const WORDS_FROM = 240
const FIGURES_FROM = 400

/** The same beside a lane's name, as much as there is room for: `5 never seen · 4 empty polls · median 660 ms`. */
export function laneFigures(
  { arrived, replaced, lost, medianMs, polls, emptyPolls, failedPolls }: LaneFacts,
  width: number,
  { text, numbers }: ViewContext
): string {
  if (arrived + replaced + lost + polls === 0) return width < WORDS_FROM ? '' : text('timeline.nothing')
  if (medianMs !== null && width < WORDS_FROM) return numbers.duration(medianMs)
  const counted = (key: string, count: number): string[] =>
    count === 0 || width < FIGURES_FROM
      ? []
      : [text(count === 1 ? `${key}One` : key, { count: numbers.count(count) })]
  return [
    ...counted('timeline.figures.replaced', replaced),
    ...counted('timeline.facts.lost', lost),
    ...counted('timeline.figures.empty', emptyPolls),
    ...counted('timeline.facts.failed', failedPolls),
    ...(medianMs === null ? [] : [text('timeline.median', { latency: numbers.duration(medianMs) })])
  ].join(' · ')
}
