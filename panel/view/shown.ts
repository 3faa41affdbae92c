import { laneColour, laneDash } from '../../lib/metrics/lane-colours.js'
import type { LaneReport } from '../../lib/metrics/report.js'
import { laneKey } from '../model/lane-key.js'
import type { Watched } from '../watch.js'
import type { Shown, ShownLane } from './view.js'

/** How the reader looks at it. */
export interface Outlook extends Pick<Shown, 'before' | 'edge' | 'spanMs' | 'frozen' | 'expanded'> {
  readonly dark: boolean
}

/** What the views draw, out of what was heard. */
export function shownOf(
  { report, curves, tracks }: Watched,
  { dark, ...outlook }: Outlook,
  isHidden: (key: string) => boolean
): Shown {
  const allLanes: ShownLane[] = [...(report?.lanes ?? [])].sort(pushFirst).map((lane, place) => ({
    key: laneKey(lane),
    report: lane,
    colour: laneColour(place, dark),
    dash: laneDash(place)
  }))
  return {
    ...outlook,
    report,
    curves,
    tracks,
    allLanes,
    lanes: allLanes.filter(({ key }) => !isHidden(key))
  }
}

/** Push above pull, each in the report's order: soon above late. */
const pushFirst = (one: LaneReport, other: LaneReport): number =>
  Number(one.model === 'pull') - Number(other.model === 'pull')
