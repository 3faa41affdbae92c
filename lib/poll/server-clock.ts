import type { EpochMs, Ms } from '../units.js'
import type { ClockOffset } from '../update/exchange.js'

/** The four stamps of one request to `/clock`: by our clock, twice by the server's, by ours. */
export interface ClockStamps {
  readonly askedAt: EpochMs
  readonly receivedAt: EpochMs
  readonly sentAt: EpochMs
  readonly answeredAt: EpochMs
}

/** What one round of requests told. */
interface Sighting extends ClockOffset {
  readonly at: EpochMs
}

/** How far two clocks of ordinary computers part, ms per ms: quartz is within 100 ppm. */
const QUARTZ = 100e-6
/** Sightings that the drift is taken from. */
const KEPT = 4

/**
 * A server's clock against ours (NTP's on-wire protocol, RFC 5905 §8): of one round the request with the least
 * delay δ counts, its offset is known to ± δ/2, whatever its way there and back took each. From round to round the
 * drift is followed; between them the error grows by what the drift is not known to.
 */
export class ServerClock {
  #sightings: readonly Sighting[] = []

  /** One round: requests one after the other. */
  record(round: readonly ClockStamps[]): void {
    const found = bestOf(round)
    if (found === null) return
    const expected = this.at(found.at)
    const stepped =
      expected !== null && Math.abs(found.offsetMs - expected.offsetMs) > found.errorMs + expected.errorMs
    // a clock that was set has no drift to be followed across that
    this.#sightings = stepped ? [found] : [...this.#sightings, found].slice(-KEPT)
  }

  /** Another server. */
  forget(): void {
    this.#sightings = []
  }

  /** Server's clock minus ours at `at`, by our clock; null before the first round. */
  at(at: EpochMs): ClockOffset | null {
    const last = this.#sightings.at(-1)
    const [first] = this.#sightings
    if (last === undefined || first === undefined) return null
    const ageMs = Math.max(0, at - last.at)
    const still = { offsetMs: last.offsetMs, errorMs: last.errorMs + QUARTZ * ageMs }
    const spanMs = last.at - first.at
    if (spanMs <= 0) return still
    const drift = (last.offsetMs - first.offsetMs) / spanMs
    const driftError = (last.errorMs + first.errorMs) / spanMs
    // two rounds close together tell less than what quartz promises
    if (driftError > QUARTZ) return still
    return { offsetMs: last.offsetMs + drift * ageMs, errorMs: last.errorMs + driftError * ageMs }
  }
}

function bestOf(round: readonly ClockStamps[]): Sighting | null {
  let best: Sighting | null = null
  for (const { askedAt, receivedAt, sentAt, answeredAt } of round) {
    const delayMs: Ms = answeredAt - askedAt - (sentAt - receivedAt)
    const errorMs = Math.max(0, delayMs) / 2
    if (best !== null && best.errorMs <= errorMs) continue
    best = { at: answeredAt, offsetMs: (receivedAt - askedAt + (sentAt - answeredAt)) / 2, errorMs }
  }
  return best
}
