import type { Editor } from '../editor/editor.js'
import type { Watched } from '../watch.js'
import { openHeadline } from './headline.js'
import type { OpenView, Shown, ViewContext } from './view.js'

/** The sections below the headline, in their order; `name` is the key of its title's text. */
export const sections: readonly { readonly name: string; readonly open: OpenView }[] = []

/** The headline, or what is missing where there is nothing to tell yet. */
export const headlineView: (
  context: ViewContext,
  editor: Editor
) => { readonly element: HTMLElement; show(shown: Shown, watched: Watched): void } = openHeadline
