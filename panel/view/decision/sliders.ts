import type { DecisionSettings } from '../../../lib/theory/decision.js'
import { knobs } from '../../model/decision/knobs.js'
import { typedReader } from '../../model/decision/typed.js'
import { element, setText } from '../elements.js'
import type { ViewContext } from '../view.js'
import { openSlider } from './slider.js'

export interface SliderActions {
  /** Settings to decide by from now on. */
  turned(settings: DecisionSettings): void
  /** Back to what the node decides by. */
  back(): void
  /** Writes them to the node in the editor; returns whether that could be done. */
  save(settings: DecisionSettings): boolean
}

/** Target, plan and budgets as sliders; what they say is written to the node only when the reader says so. */
export function openSliders(context: ViewContext, actions: SliderActions) {
  const { text, editor } = context
  const read = typedReader(editor.language)
  let settings: DecisionSettings | null = null
  const sliders = knobs.map(
    knob =>
      [
        knob,
        openSlider(context, knob, read, value => {
          if (settings === null) return
          settings = knob.with(settings, value)
          setText(said, '')
          actions.turned(settings)
        })
      ] as const
  )
  const save = element(
    'button',
    {
      type: 'button',
      class: 'save',
      onclick: () => {
        if (settings !== null) setText(said, text(actions.save(settings) ? 'knob.saved' : 'knob.notSaved'))
      }
    },
    text('knob.save')
  )
  const back = element(
    'button',
    {
      type: 'button',
      class: 'back',
      onclick: () => {
        setText(said, '')
        actions.back()
      }
    },
    text('knob.back')
  )
  const said = element('span', { class: 'said', role: 'status' })
  const whole = element(
    'div',
    { class: 'knobs', role: 'group', 'aria-label': text('knob.title') },
    element('h4', {}, text('knob.title')),
    ...sliders.map(([, slider]) => slider.element),
    element('div', { class: 'tools' }, save, back, said)
  )
  return {
    element: whole,
    /** @param own - they are the node's own: nothing to save */
    show(now: DecisionSettings, own: boolean): void {
      settings = now
      for (const [knob, slider] of sliders) slider.show(knob.of(now))
      save.disabled = own || !editor.mayEdit
      back.disabled = own
    }
  }
}
