/** Whether a server is to be within reach of its clients, and who waits for it to be gone or back. */
export class Reach {
  #away = false
  #gone: () => void = () => undefined
  #back: () => void = () => undefined
  #whenBack: Promise<void> = Promise.resolve()

  /** It is to stay away. */
  get away(): boolean {
    return this.#away
  }

  /** Resolves when it is back, at once while it was never away. */
  get whenBack(): Promise<void> {
    return this.#whenBack
  }

  /** It is to go away; resolves when it is gone. */
  goAway(): Promise<void> {
    this.#away = true
    const earlier = this.#back
    this.#whenBack = new Promise(resolve => {
      this.#back = () => {
        earlier()
        resolve()
      }
    })
    return new Promise(resolve => {
      this.#gone = resolve
    })
  }

  /** It is to come back. */
  comeBack(): void {
    this.#away = false
  }

  /** Nobody reaches it. */
  isGone(): void {
    this.#gone()
  }

  /** It listens. */
  isBack(): void {
    // asked for before it was to go away again
    if (!this.#away) this.#back()
  }

  /** It never will again. */
  end(): void {
    this.#away = false
    this.#gone()
    this.#back()
  }
}
