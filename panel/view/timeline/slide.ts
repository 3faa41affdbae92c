import type { Ms } from '../../../lib/units.js'
import { AHEAD_MS } from '../../model/timeline/scale.js'

/**
 * Moves what was drawn to the left as time goes on, until the next drawing: by the browser's compositor, without a
 * frame of ours. It begins at the instant that the drawing shows, so the next one takes over where this one has come
 * to. It goes by whole pixels of the screen: lines stay sharp, and nothing is composed anew in between.
 */
export class Slide {
  readonly #moved: HTMLElement
  #animation: Animation | null = null
  #begun: Ms = 0
  #pixelsPerMs = 0

  constructor(moved: HTMLElement) {
    this.#moved = moved
  }

  /**
   * @param begun - when the drawing is right as it stands, on the clock of `performance.now()`
   * @param perMs - CSS px
   * @param ratio - pixels of the screen in one
   */
  start(begun: Ms, perMs: number, ratio: number): void {
    const pixelsPerMs = perMs * ratio
    if (this.#animation === null || pixelsPerMs !== this.#pixelsPerMs) {
      this.#animation?.cancel()
      const steps = Math.ceil(AHEAD_MS * pixelsPerMs)
      this.#animation = this.#moved.animate(
        [{ transform: 'translateX(0)' }, { transform: `translateX(${-steps / ratio}px)` }],
        { duration: steps / pixelsPerMs, fill: 'forwards', easing: `steps(${steps})` }
      )
    }
    this.#begun = begun
    this.#pixelsPerMs = pixelsPerMs
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
