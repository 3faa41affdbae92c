import type { EpochMs } from '../units.js'

/** The place of one update in a stream. */
export interface Place {
  readonly epoch: string
  readonly sequence: number
}

/**
 * A few updates that were generated at about the same time.
 * `assumed`: nobody said when; the instant is straight-lined between its neighbours.
 * `coarse`: merged with others to save memory, the instant is straight-lined within the run.
 */
export type VisitUpdates = (
  at: EpochMs,
  count: number,
  run: { readonly epoch: string; readonly first: number; readonly assumed: boolean; readonly coarse: boolean }
) => void

/** A run is told to its visitor in at most this many pieces. */
const PIECES = 256

/** Neighbouring updates of one epoch, as a truth ring keeps them. */
export interface Run {
  epoch: string
  first: number
  count: number
  firstAt: EpochMs
  lastAt: EpochMs
  /** Mean of the instants. */
  meanAt: EpochMs
  assumed: boolean
}

/** Whether the run lies wholly before the place. */
export function endsBefore(run: Run, place: Place): boolean {
  if (run.epoch !== place.epoch) return run.epoch < place.epoch
  return run.first + run.count - 1 < place.sequence
}

/** Straight-lined within the run, shifted so that the mean is right. */
export function instantIn(run: Run, index: number): EpochMs {
  if (run.count === 1) return run.meanAt
  const line = run.firstAt + ((run.lastAt - run.firstAt) * index) / (run.count - 1)
  return line + run.meanAt - (run.firstAt + run.lastAt) / 2
}

/** Tells the members `from` to `to` (exclusive) of a run, in pieces of about equal size. */
export function visitRun(run: Run, from: number, to: number, visit: VisitUpdates): void {
  const { epoch, assumed } = run
  const count = to - from
  const coarse = run.count > 1 && !assumed
  const pieces = Math.min(count, PIECES)
  let start = from
  for (let piece = 1; piece <= pieces; piece += 1) {
    const end = from + Math.round((count * piece) / pieces)
    visit(instantIn(run, (start + end - 1) / 2), end - start, {
      epoch,
      first: run.first + start,
      assumed,
      coarse
    })
    start = end
  }
}

/** The members `from` to `to` (exclusive) as a run of their own. */
export function partOf(run: Run, from: number, to: number): Run {
  const firstAt = instantIn(run, from)
  const lastAt = instantIn(run, to - 1)
  return {
    ...run,
    first: run.first + from,
    count: to - from,
    firstAt,
    lastAt,
    meanAt: (firstAt + lastAt) / 2
  }
}

/** Two neighbouring runs of one epoch as one: counts add up, the mean is kept. */
export function mergeOf(run: Run, next: Run): Run {
  const count = run.count + next.count
  return {
    epoch: run.epoch,
    first: run.first,
    // numbers between them that nobody saw do not occur: learn fills them with an assumed run
    count,
    firstAt: run.firstAt,
    lastAt: next.lastAt,
    meanAt: (run.meanAt * run.count + next.meanAt * next.count) / count,
    assumed: run.assumed || next.assumed
  }
}
