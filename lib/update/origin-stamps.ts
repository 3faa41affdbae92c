import type { EpochMs } from '../units.js'
import { updateId } from './identity.js'
import type { Update } from './update.js'

/** What is known about an update before it is stamped. */
export interface Intention {
  readonly stream: string
  readonly generatedAt: EpochMs
  readonly dueAt: EpochMs | null
  readonly speed: number | null
}

/**
 * Numbers the updates of one start of one origin: per stream from 1, without gaps.
 * A stamp counts only once it is kept, so that a refused payload uses no number up.
 */
export class OriginStamps {
  readonly #origin: string
  readonly #epoch: string
  readonly #last = new Map<string, number>()
  #kept = 0

  /**
   * @param origin - node id
   * @param epoch - of this start, see `newEpoch`
   */
  constructor(origin: string, epoch: string) {
    this.#origin = origin
    this.#epoch = epoch
  }

  /** Updates kept, over all streams. */
  get kept(): number {
    return this.#kept
  }

  /** The next update of a stream; the same number again until one is kept. */
  next({ stream, generatedAt, dueAt, speed }: Intention): Update {
    const sequence = (this.#last.get(stream) ?? 0) + 1
    const epoch = this.#epoch
    const id = updateId(epoch, sequence)
    return { stream, origin: this.#origin, id, epoch, sequence, generatedAt, dueAt, speed }
  }

  /** From here on the update exists, whatever becomes of it. */
  keep({ stream, sequence }: Update): void {
    this.#last.set(stream, sequence)
    this.#kept += 1
  }
}
