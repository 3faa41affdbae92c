import type { Ms } from '../../lib/units.js'
import { AHEAD_MS } from '../model/timeline-scale.js'

/**
 * Moves what was drawn to the left as time goes on, until the next drawing: by the compositor, without a frame of
 * ours. It begins at the instant that the drawing shows, so the next one takes over where this one has come to.
 */
export class Slide {
  readonly #moved: HTMLElement
  #animation: Animation | null = null
  #begun: Ms = 0
  #perMs = 0

  constructor(moved: HTMLElement) {
    this.#moved = moved
  }

  /** @param begun - on the clock of `performance.now()` */
  start(begun: Ms, perMs: number): void {
    if (this.#animation === null || perMs !== this.#perMs) {
      this.#animation?.cancel()
      this.#animation = this.#moved.animate(
        [{ transform: 'translateX(0)' }, { transform: `translateX(${-AHEAD_MS * perMs}px)` }],
        { duration: AHEAD_MS, fill: 'forwards' }
      )
    }
    this.#begun = begun
    this.#perMs = perMs
    this.#animation.startTime = begun
  }

  rest(): void {
    this.#animation?.cancel()
    this.#animation = null
  }

  /** How long ago the drawing was right without moving it. */
  elapsed(now: Ms): Ms {
    return this.#animation === null ? 0 : Math.min(AHEAD_MS, Math.max(0, now - this.#begun))
  }
}
