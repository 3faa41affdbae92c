import type { Decisions as DecisionsAnswer } from '../lib/metrics/advice.js'
import type { DecisionFacts, DecisionSettings } from '../lib/theory/decision.js'
import { Gaps } from '../lib/theory/gaps.js'
import { AdminError, type Editor } from './editor/editor.js'

/** Facts of a stream, ready for many decisions. */
export interface StreamFacts {
  readonly facts: DecisionFacts
  readonly gaps: Gaps
}

/** What a metrics node decides by, and on what. */
export interface Decisions {
  readonly settings: DecisionSettings
  readonly streams: readonly StreamFacts[]
}

const ASK_MS = 3000

/** Asks now and then what a metrics node decides by, while somebody wants to know. */
export class DecisionsWatch {
  readonly #editor: Editor
  readonly #changed: () => void
  #wanted: string | null = null
  #of: string | null = null
  #known: Decisions | null = null
  #timer: ReturnType<typeof setTimeout> | null = null

  constructor(editor: Editor, changed: () => void) {
    this.#editor = editor
    this.#changed = changed
  }

  /** What was last heard of the node; null before. */
  of(id: string): Decisions | null {
    return id === this.#of ? this.#known : null
  }

  /** Asks about one node, or about none any more. */
  want(id: string | null): void {
    if (id === this.#wanted) return
    this.#wanted = id
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    if (id !== null) void this.#ask(id)
  }

  async #ask(id: string): Promise<void> {
    const answer = await this.#answer(id)
    if (id !== this.#wanted) return
    if (answer !== null) {
      this.#of = id
      this.#known = {
        settings: answer.settings,
        streams: answer.streams.map(facts => ({ facts, gaps: Gaps.ofHistogram(facts.gaps) }))
      }
      this.#changed()
    }
    this.#timer = setTimeout(() => void this.#ask(id), ASK_MS)
  }

  async #answer(id: string): Promise<DecisionsAnswer | null> {
    try {
      return await this.#editor.get<DecisionsAnswer>(`delivery/metrics/${encodeURIComponent(id)}/decisions`)
    } catch (error) {
      if (!(error instanceof AdminError)) throw error
      // a deploy took the node away for a moment, or Node-RED is away: the panel says so above
      return null
    }
  }
}
