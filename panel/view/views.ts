import type { Editor } from '../editor/editor.js'
import type { Watched } from '../watch.js'
import { openHeadline } from './headline.js'
import type { OpenView, Shown, ViewContext } from './view.js'

/** A section below the headline. */
export interface Section {
  /** Its class, and the key of its texts: `<name>.title` is its title. */
  readonly name: string
  readonly open: OpenView
  readonly css: string
}

/** The sections in their order. */
export const sections: readonly Section[] = []

/** The headline, or what is missing where there is nothing to tell yet. */
export const headlineView: (
  context: ViewContext,
  editor: Editor
) => { readonly element: HTMLElement; show(shown: Shown, watched: Watched): void } = openHeadline
