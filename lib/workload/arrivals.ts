import type { Ms } from '../units.js'
import { exponential, seededRandom } from './random.js'
import type { RecordedUpdate } from './times.js'

/** One intended update. */
export interface Arrival {
  /** Since the start; ascending, equal within a burst. */
  readonly offsetMs: Ms
  /** The recorded payload, or null when one is to be made. */
  readonly item: { readonly payload: unknown } | null
}

/** When updates are made. */
export interface ArrivalOptions {
  readonly arrivals: 'poisson' | 'periodic' | 'bursts' | 'replay'
  /** Mean updates per second; not for replay. */
  readonly rate: number
  /** Updates that go out in one turn; bursts only. */
  readonly burstSize: number
  /** Replay only: at least one, in order of time. */
  readonly times: readonly RecordedUpdate[]
  /** Replay this many times faster. */
  readonly speed: number
  /** Replay only: begin again after the last one, one mean gap later. */
  readonly repeat: boolean
  readonly seed: number
}

/** The pause before a replay of one single instant begins again, at speed 1. */
const LONE_GAP: Ms = 1000

/**
 * The intended instants as offsets from the start, made one at a time. No offset is computed from the instant
 * at which an earlier update really left, so a schedule on them never drifts.
 */
export function arrivals(options: ArrivalOptions): Iterator<Arrival, void> {
  const meanGap: Ms = 1000 / options.rate
  const random = seededRandom(options.seed)
  switch (options.arrivals) {
    case 'periodic':
      return periodic(meanGap)
    case 'poisson':
      return bursts(1, meanGap, random)
    case 'bursts':
      return bursts(options.burstSize, meanGap, random)
    case 'replay':
      return replay(options)
  }
}

/** Every gap the same: offset k is k · T, the first is 0. */
function* periodic(gap: Ms): Generator<Arrival, void> {
  for (let k = 0; ; k += 1) yield { offsetMs: k * gap, item: null }
}

/** `size` updates at one instant, then an exponential pause of mean size · T. Of size 1 a Poisson process. */
function* bursts(size: number, meanGap: Ms, random: () => number): Generator<Arrival, void> {
  let offsetMs = 0
  for (;;) {
    offsetMs += exponential(size * meanGap, random)
    for (let k = 0; k < size; k += 1) yield { offsetMs, item: null }
  }
}

/** The gaps of recorded instants, `speed` times shorter. */
function* replay({ times, speed, repeat }: ArrivalOptions): Generator<Arrival, void> {
  const first = times[0]?.time ?? 0
  const span = (times.at(-1)?.time ?? first) - first
  const pause = span > 0 ? span / (times.length - 1) : LONE_GAP
  for (let round = 0; round === 0 || (repeat && times.length > 0); round += 1)
    for (const { time, item } of times)
      yield { offsetMs: (round * (span + pause) + time - first) / speed, item }
}
