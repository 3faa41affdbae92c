import type { Model } from '../../lib/update/delivery.js'

/** One name for what a lane is: a source, its model and a stream. */
export const laneKey = (lane: {
  readonly source: string
  readonly model: Model
  readonly stream: string
}): string => JSON.stringify([lane.source, lane.model, lane.stream])
