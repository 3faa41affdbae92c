import type { Place } from './truth.js'

/** Runs of missing sequence numbers that are remembered at most, per lane. */
const REMEMBERED = 1024

interface Missing {
  readonly epoch: string
  readonly first: number
  readonly last: number
}

/**
 * The sequence numbers that a lane has jumped over, so that one that arrives after all is told from a duplicate.
 * Bounded: the oldest runs are forgotten.
 */
export class MissingSequences {
  #runs: Missing[] = []

  /** Notes `count` numbers from `first` on as missing. */
  add(epoch: string, first: number, count: number): void {
    const last = first + count - 1
    const previous = this.#runs.at(-1)
    if (previous !== undefined && previous.epoch === epoch && previous.last + 1 === first)
      this.#runs[this.#runs.length - 1] = { epoch, first: previous.first, last }
    else this.#runs.push({ epoch, first, last })
    // drop a quarter at once: shifting one by one would cost a copy each time
    if (this.#runs.length > REMEMBERED) this.#runs.splice(0, REMEMBERED / 4)
  }

  /** Whether the update was missing; it is not any more. */
  take({ epoch, sequence }: Place): boolean {
    const index = this.#runs.findLastIndex(
      run => run.epoch === epoch && run.first <= sequence && sequence <= run.last
    )
    const run = this.#runs[index]
    if (run === undefined) return false
    const rest: Missing[] = []
    if (run.first < sequence) rest.push({ epoch, first: run.first, last: sequence - 1 })
    if (sequence < run.last) rest.push({ epoch, first: sequence + 1, last: run.last })
    this.#runs.splice(index, 1, ...rest)
    return true
  }
}
