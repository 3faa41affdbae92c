import { type Clock, delay } from '../../lib/clock.js'
import { asDeliveryError } from '../../lib/errors.js'
import type { EpochMs, Ms } from '../../lib/units.js'
import type { Target } from './targets.js'

/** Servers that are being taken away. */
export interface Outage {
  /** When they are to come back. */
  readonly dueAt: EpochMs
  /** All that went are back. @throws DeliveryError (rejects) why one could not be taken away */
  readonly over: Promise<void>
  /** Brings them back now; again: nothing. */
  end(): void
}

export interface OutageOptions {
  readonly targets: readonly Target[]
  readonly lengthMs: Ms
  readonly clock: Clock
  /** Nobody reaches it from now on. */
  onAway(target: Target, from: EpochMs): void
  /** It listens again. */
  onBack(target: Target, from: EpochMs, until: EpochMs): void
}

/** Takes servers away for a time. Each comes back by itself, also when another could not be taken away. */
export function startOutage({ targets, lengthMs, clock, onAway, onBack }: OutageOptions): Outage {
  const ending = new AbortController()
  const { signal } = ending
  const take = async (target: Target): Promise<void> => {
    const bringBack = await target.takeAway(signal)
    const from = clock.now()
    onAway(target, from)
    await delay(clock, lengthMs, signal).catch(() => undefined)
    await bringBack()
    onBack(target, from, clock.now())
  }
  const over = Promise.allSettled(targets.map(take)).then(outcomes => {
    // ended while a server was still starting: there was nothing to take away
    for (const outcome of outcomes)
      if (outcome.status === 'rejected' && outcome.reason !== signal.reason)
        throw asDeliveryError(outcome.reason, 'SERVER_CLOSED')
  })
  return { dueAt: clock.now() + lengthMs, over, end: () => ending.abort() }
}
