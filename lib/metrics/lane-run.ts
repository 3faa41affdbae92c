import type { EpochMs } from '../units.js'
import type { Model } from '../update/delivery.js'
import type { LaneWindow } from './window.js'

/** What a record tells of the run of its source. */
export interface RunRecord {
  readonly since: EpochMs
  /** False when the source does not say; then all its records are one run. */
  readonly sinceKnown: boolean
}

/** The runs of a lane's source: a deploy ends one and starts the next, and the lane goes on. */
export class LaneRun {
  readonly #model: Model
  readonly #window: LaneWindow
  #since: EpochMs | null = null
  #tellsSince = false
  #lastRecordAt: EpochMs = Number.NEGATIVE_INFINITY
  /** Pull: what was generated up to here has been asked for, as far as records told. */
  #askedUntil: EpochMs = Number.NEGATIVE_INFINITY

  constructor(model: Model, window: LaneWindow) {
    this.#model = model
    this.#window = window
  }

  /** Start of the present run; null while no record told one. */
  get since(): EpochMs | null {
    return this.#since
  }

  /** Its records say when their run began, as those of our sources do. */
  get tellsSince(): boolean {
    return this.#tellsSince
  }

  /** `-Infinity` before the first record. */
  get lastRecordAt(): EpochMs {
    return this.#lastRecordAt
  }

  /** Whether a record is the first of another run than the present one. */
  isNew({ since, sinceKnown }: RunRecord): boolean {
    return sinceKnown && this.#since !== null && since > this.#since
  }

  /** A record of a run came: what was generated between two runs counts nowhere. */
  record(record: RunRecord, at: EpochMs): void {
    if (record.sinceKnown) this.#tellsSince = true
    if (this.isNew(record)) this.#window.exclude(this.#coveredUntil, record.since)
    if (this.#since === null || this.isNew(record)) this.#since = record.since
    this.heard(at)
  }

  /** Something of this run is known until `at`. */
  heard(at: EpochMs): void {
    if (at > this.#lastRecordAt) this.#lastRecordAt = at
  }

  /** A poll asked for everything that was generated until then. */
  asked(until: EpochMs): void {
    if (until > this.#askedUntil) this.#askedUntil = until
  }

  /**
   * Until when the earlier run was offered all that was generated. A poller's record of a skipped tick tells
   * nothing of the updates that no poll has asked for yet: they are under way, and not lost by a deploy.
   */
  get #coveredUntil(): EpochMs {
    return this.#model === 'push' ? this.#lastRecordAt : this.#askedUntil
  }
}
