import type { TimelineLane } from '../../model/timeline/layout.js'
import type { ShownLane } from '../view.js'

/** A lane for the model, and how it is shown. */
export interface TimelineShownLane extends TimelineLane {
  readonly shown: ShownLane
}

export function timelineLanes(lanes: readonly ShownLane[]): readonly TimelineShownLane[] {
  return lanes.map(shown => {
    const { stream, model, read, trigger, waitMs, since, outages } = shown.report
    return { key: shown.key, stream, model, read, trigger, waitMs, since, outages, shown }
  })
}
