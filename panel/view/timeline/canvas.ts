import { element } from '../elements.js'

/** A canvas as sharp as the screen, and what draws on it in CSS px. */
export class SharpCanvas {
  readonly element = element('canvas', { 'aria-hidden': 'true' })
  readonly #context = this.element.getContext('2d')
  #width = 0
  #height = 0
  #ratio = 0

  /** Cleared, and as large as asked; null where the browser has no canvas. */
  begin(width: number, height: number): CanvasRenderingContext2D | null {
    const ratio = window.devicePixelRatio || 1
    if (width !== this.#width || height !== this.#height || ratio !== this.#ratio) {
      this.#width = width
      this.#height = height
      this.#ratio = ratio
      this.element.width = Math.round(width * ratio)
      this.element.height = Math.round(height * ratio)
      this.element.style.width = `${width}px`
      this.element.style.height = `${height}px`
    }
    const context = this.#context
    context?.setTransform(ratio, 0, 0, ratio, 0, 0)
    context?.clearRect(0, 0, width, height)
    return context
  }
}
