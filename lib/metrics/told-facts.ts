import type { EpochMs, Ms } from '../units.js'

const COARSEST_MS: Ms = 86_400_000
/** Whole days, minutes and seconds: people write times so. */
const RESOLUTIONS_MS: readonly Ms[] = [COARSEST_MS, 60_000, 1000]

/** What the deliveries of one window told about numbers and times. */
export class ToldFacts {
  /** They carry no number of ours; what the last window told until there is a delivery. */
  foreign = false
  /** Deliveries that somebody, and that nobody, knows the generation of. */
  timed = 0
  untimed = 0
  /** The coarsest unit that every time of generation is a multiple of: a day, a minute, a second, or 0. */
  resolutionMs: Ms = COARSEST_MS
  /** A time had no zone. */
  zoneMissing = false
  #foreign = 0

  /** @param foreign - it carries no number of ours */
  note(generatedAt: EpochMs | null, foreign: boolean, zoneMissing: boolean): void {
    if (foreign) this.#foreign += 1
    this.foreign = this.#foreign > 0
    if (zoneMissing) this.zoneMissing = true
    if (generatedAt === null) {
      this.untimed += 1
      return
    }
    this.timed += 1
    if (this.resolutionMs > 0 && generatedAt % this.resolutionMs !== 0)
      this.resolutionMs = RESOLUTIONS_MS.find(unit => generatedAt % unit === 0) ?? 0
  }

  /** Another window. */
  begin(): void {
    this.#foreign = this.timed = this.untimed = 0
    this.resolutionMs = COARSEST_MS
    this.zoneMissing = false
  }
}
