import type { DeliveryError } from '../errors.js'

/** Who waits for the end of a poll. */
export interface Waiter {
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

export const NOBODY: readonly Waiter[] = []

/** Tells all who waited how the poll ended; `failure` null = well. */
export function settleWaiters(waiters: readonly Waiter[], failure: DeliveryError | null): void {
  for (const { resolve, reject } of waiters)
    if (failure) reject(failure)
    else resolve()
}

/** Polls that were asked for and have not begun: one for all who ask, with what the last of them brought. */
export class Demand<Request> {
  #asked: { request: Request; readonly waiters: Waiter[] } | null = null

  /** Resolves or rejects with the poll that serves it. */
  add(request: Request): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter = { resolve, reject }
      if (this.#asked === null) this.#asked = { request, waiters: [waiter] }
      else {
        this.#asked.request = request
        this.#asked.waiters.push(waiter)
      }
    })
  }

  /** What is waiting, for one poll; null when nobody asked. */
  take(): { readonly request: Request; readonly waiters: readonly Waiter[] } | null {
    const asked = this.#asked
    this.#asked = null
    return asked
  }
}
