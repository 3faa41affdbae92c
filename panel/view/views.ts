import type { OpenView } from './view.js'

/** A section below the headline. */
export interface Section {
  /** Its class, and the key of its texts: `<name>.title` is its title. */
  readonly name: string
  readonly open: OpenView
  readonly css: string
}

/** The sections in their order. */
export const sections: readonly Section[] = []
