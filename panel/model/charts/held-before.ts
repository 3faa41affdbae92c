import type { Report } from '../../../lib/metrics/report.js'
import type { EpochMs } from '../../../lib/units.js'
import { laneKey } from '../lane-key.js'
import type { Track, Tracks } from '../tracks.js'
import type { Arrival } from './age-held.js'

/**
 * What lanes held before the oldest arrival of their tracks: a lane that polls every five minutes holds one update
 * all the time, and its delivery came before anybody looked. The report tells its age, and so its generation.
 */
export class HeldBefore {
  readonly #known = new Map<string, Arrival>()
  #report: Report | null = null

  /** Learns from a report; what arrived after the tracks were asked for is left to the next call. */
  learn(report: Report | null, tracks: Tracks): void {
    if (report === null || report === this.#report || (tracks.upTo ?? 0) < report.now) return
    // another node, or begun anew
    if (report.id !== this.#report?.id || report.startedAt !== this.#report.startedAt) this.#known.clear()
    this.#report = report
    for (const lane of report.lanes) {
      const key = laneKey(lane)
      const age = lane.ageMs.now
      // an ended lane's age is of the end
      if (age === null || lane.flags.some(({ code }) => code === 'LANE_ENDED')) continue
      const begin = tracks.gaps.at(-1)?.until ?? Number.NEGATIVE_INFINITY
      const first = firstFrom(tracks.track(key), begin)
      if (first !== null && first <= report.now) continue
      const generated = report.now - age
      this.#known.set(key, { received: Math.max(begin, generated), generated })
    }
  }

  /** What a lane held, and since when that is known; null: nothing is known but its arrivals. */
  of(key: string): Arrival | null {
    return this.#known.get(key) ?? null
  }
}

function firstFrom(track: Track | undefined, begin: EpochMs): EpochMs | null {
  if (track === undefined) return null
  return track.deliveries.at(track.deliveries.indexFrom(begin))?.received ?? null
}
