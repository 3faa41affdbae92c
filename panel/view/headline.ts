import type { Editor } from '../editor/editor.js'
import type { Watched } from '../watch.js'
import { element, setText } from './elements.js'
import type { Shown, ViewContext } from './view.js'

/** One sentence made from the numbers; where there are none yet, what is missing. */
export function openHeadline(context: ViewContext, _editor: Editor) {
  const sentence = element('p', { class: 'headline', 'aria-live': 'polite' })
  return {
    element: sentence,
    show(shown: Shown, { nodes }: Watched): void {
      const { length } = shown.allLanes
      setText(sentence, nodes === null || length === 0 ? context.text('empty.waiting') : '')
    }
  }
}
