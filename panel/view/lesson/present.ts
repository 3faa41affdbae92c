import { STEPS, stepAfter } from '../../model/lesson/steps.js'
import { element, setText } from '../elements.js'
import type { ViewContext } from '../view.js'

/** Walks the expanded view: one section and one sentence at a time. */
export function openPresent({ text }: ViewContext, panel: HTMLElement) {
  const sentences = {
    timeline: text('lesson.step.timeline'),
    age: text('lesson.step.age'),
    latency: text('lesson.step.latency'),
    cost: text('lesson.step.cost'),
    table: text('lesson.step.table')
  }
  const sentence = element('p', { class: 'step', role: 'status' })
  let step = 0

  function show(): void {
    const now = STEPS[step] ?? STEPS[0]
    for (const section of panel.querySelectorAll('.section'))
      section.classList.toggle('presented', section.classList.contains(now))
    setText(sentence, `${step + 1}/${STEPS.length} ${sentences[now]}`)
  }
  panel.classList.add('presenting')
  show()

  return {
    element: sentence,
    /** @returns whether the key leads to a step */
    key(name: string): boolean {
      const next = stepAfter(step, name)
      if (next === null) return false
      step = next
      show()
      return true
    },
    close(): void {
      panel.classList.remove('presenting')
      for (const section of panel.querySelectorAll('.presented')) section.classList.remove('presented')
    }
  }
}
