import type { Ms } from '../../../lib/units.js'
import type { Headline } from './headline.js'

/** Pause between two announcements. */
const PAUSE_MS = 5000

/** Decides when a sentence that changes all the time is read out: when it says something new, and seldom. */
export class Announcer {
  #said = ''
  #at: Ms = Number.NEGATIVE_INFINITY

  /** Whether to read it out now. @param now - a monotonic clock, ms */
  isNews(meaning: string, now: Ms): boolean {
    if (meaning === this.#said || now - this.#at < PAUSE_MS) return false
    this.#said = meaning
    this.#at = now
    return true
  }
}

/** What a headline says but for the last digits of its numbers: two with the same meaning are no news. */
export function meaningOf({ sentences }: Headline): string {
  return JSON.stringify(
    sentences
      .flat()
      .map(({ key, params, values }) => [key, params.name, values.map(value => value.toPrecision(1))])
  )
}
