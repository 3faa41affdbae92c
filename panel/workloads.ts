import { AdminError, type Editor } from './editor/editor.js'

const ASK_MS = 2000

/** The workloads that feed what is shown: whether they run, and their switch. */
export class Workloads {
  readonly #editor: Editor
  readonly #changed: () => void
  readonly #refused: (error: AdminError) => void
  #ids: readonly string[] = []
  #running: boolean | null = null
  #timer: ReturnType<typeof setInterval> | null = null

  constructor(editor: Editor, changed: () => void, refused: (error: AdminError) => void) {
    this.#editor = editor
    this.#changed = changed
    this.#refused = refused
  }

  /** Whether any of them runs; null without any. */
  get running(): boolean | null {
    return this.#running
  }

  of(ids: readonly string[]): void {
    if (ids.join() === this.#ids.join()) return
    this.#ids = ids
    void this.#ask()
  }

  /** Asks now and then, while `wanted`. */
  watch(wanted: boolean): void {
    if (wanted === (this.#timer !== null)) return
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = wanted ? setInterval(() => void this.#ask(), ASK_MS) : null
    if (wanted) void this.#ask()
  }

  async set(running: boolean): Promise<void> {
    await Promise.all(
      this.#ids.map(id =>
        this.#editor.post(pathOf(id), { running }).catch((error: unknown) => {
          if (!(error instanceof AdminError)) throw error
          this.#refused(error)
        })
      )
    )
    await this.#ask()
  }

  async #ask(): Promise<void> {
    const ids = this.#ids
    const states = await Promise.all(ids.map(id => this.#runs(id)))
    if (ids !== this.#ids) return
    const known = states.filter(state => state !== null)
    const running = known.length === 0 ? null : known.some(Boolean)
    if (running === this.#running) return
    this.#running = running
    this.#changed()
  }

  async #runs(id: string): Promise<boolean | null> {
    try {
      return (await this.#editor.get<{ running: boolean }>(pathOf(id))).running
    } catch (error) {
      if (!(error instanceof AdminError)) throw error
      // not deployed yet, or not to be read by this user
      return null
    }
  }
}

const pathOf = (id: string): string => `delivery/workload/${encodeURIComponent(id)}`
