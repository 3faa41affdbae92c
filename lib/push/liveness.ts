import type { Clock } from '../clock.js'
import type { EpochMs, Ms } from '../units.js'

export interface LivenessOptions {
  readonly clock: Clock
  /** The keep-alive that CONNECT told the broker. */
  readonly keepAliveMs: Ms
  /** Changes whenever anything arrives. */
  received(): number
  /** Sends a PINGREQ; the answer counts as anything else that arrives. */
  ping(): void
  /** Nothing came for half a keep-alive after a ping: the peer is gone. Called once. */
  onSilent(heardAt: EpochMs): void
}

/**
 * Notices a peer that went silent without closing (a pulled cable) within 1.5 keep-alives: a ping every
 * keep-alive [MQTT-3.1.2-23], and half of one to answer it. Whatever arrives is an answer: a long backlog is no silence.
 * @returns how to stop it
 */
export function watchLiveness({ clock, keepAliveMs, received, ping, onSilent }: LivenessOptions): () => void {
  const graceMs = keepAliveMs / 2
  let heard = received()
  let heardAt = clock.now()
  const hear = (): boolean => {
    const now = received()
    if (now === heard) return false
    heard = now
    heardAt = clock.now()
    return true
  }
  let cancel = clock.at(heardAt + keepAliveMs, probe)
  function probe() {
    hear()
    ping()
    const due = clock.now() + graceMs
    cancel = clock.at(due, () => {
      // a timer that is late itself was held up by this process, whose sockets have not been read either
      if (clock.now() - due > graceMs / 4) cancel = clock.at(clock.now() + graceMs / 4, judge)
      else judge()
    })
  }
  function judge() {
    if (hear()) cancel = clock.at(clock.now() + graceMs, probe)
    else onSilent(heardAt)
  }
  return () => cancel()
}
