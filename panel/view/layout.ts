import type { Editor } from '../editor/editor.js'
import type { Watched } from '../watch.js'
import { element, setText } from './elements.js'
import type { Shown, View, ViewContext } from './view.js'
import { sections } from './views.js'
import { openHeadline, type WorkloadSwitch } from './words/headline.js'

interface Parts {
  readonly toolbar: HTMLElement
  readonly legend: HTMLElement
  readonly saved: HTMLElement
  readonly workloads: WorkloadSwitch
}

/** Places of everything: toolbar and headline above, then a section for each picture. */
export function openLayout(
  context: ViewContext,
  editor: Editor,
  { toolbar, saved, legend, workloads }: Parts
) {
  const { text } = context
  const headline = openHeadline(context, editor, workloads)
  const views: readonly (readonly [HTMLElement, View])[] = sections.map(({ name, open }) => {
    const view = open(context)
    const title = element('h3', { id: `title-${name}` }, text(`${name}.title`))
    return [
      element(
        'section',
        { class: `section ${name}`, 'aria-labelledby': `title-${name}` },
        title,
        view.element
      ),
      view
    ]
  })
  const trouble = element('p', { class: 'trouble', role: 'status', hidden: true })
  const pictures = element('div', { class: 'pictures' }, ...views.map(([section]) => section))
  const whole = element(
    'div',
    { class: 'layout' },
    toolbar,
    saved,
    trouble,
    headline.element,
    legend,
    pictures
  )
  return {
    element: whole,
    show(shown: Shown, watched: Watched): void {
      const problem = watched.trouble
      trouble.hidden = problem === null
      if (problem !== null) setText(trouble, text(`error.${problem.kind}`, { message: problem.message }))
      headline.show(shown, watched)
      const something = shown.allLanes.length > 0
      // nothing runs: there is nothing to stop, reset or freeze
      toolbar.hidden = watched.nodes?.length === 0 && !shown.expanded && !shown.frozen
      legend.hidden = !something
      pictures.hidden = !something
      if (something) for (const [, view] of views) view.show(shown)
    },
    close(): void {
      for (const [, view] of views) view.close()
    }
  }
}
