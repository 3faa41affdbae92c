import type { Knob } from '../../model/decision/knobs.js'
import type { typedReader } from '../../model/decision/typed.js'
import { element } from '../elements.js'
import type { ViewContext } from '../view.js'

/** So fine that every step of the widest scale is seen. */
const STEPS = 240
const FAR = 12

/**
 * One setting: its name, a slider, its value as text that may be typed over, and for a budget a switch.
 * @param turned - called with every new value; null: no budget
 */
export function openSlider(
  { text, numbers }: ViewContext,
  knob: Knob,
  read: ReturnType<typeof typedReader>,
  turned: (value: number | null) => void
) {
  const { name, kind, scale, bounds, first } = knob
  const label = text(`knob.${name}`)
  let value: number | null = first
  let last = first ?? 0
  /** What stands in the field is not taken yet. */
  let typing = false
  const turn = (next: number | null): void => {
    turned(next)
    show(next)
  }
  const range = element('input', {
    type: 'range',
    min: '0',
    max: String(STEPS),
    step: 'any',
    'aria-label': label,
    oninput: () => turn(scale.toValue(range.valueAsNumber / STEPS))
  })
  range.addEventListener('keydown', event => {
    const steps = {
      ArrowLeft: -1,
      ArrowDown: -1,
      ArrowRight: 1,
      ArrowUp: 1,
      PageDown: -FAR,
      PageUp: FAR,
      Home: -STEPS,
      End: STEPS
    }[event.key]
    if (steps === undefined) return
    event.preventDefault()
    turn(stepped(steps))
  })
  /** The next value that differs, so that a key is never pressed for nothing. */
  function stepped(steps: number): number {
    const now = value ?? last
    let place = Math.round(scale.toPosition(now) * STEPS) + steps
    while (scale.toValue(place / STEPS) === now && place > 0 && place < STEPS) place += Math.sign(steps)
    return scale.toValue(place / STEPS)
  }
  const typed = element('input', {
    type: 'text',
    class: 'typed',
    autocomplete: 'off',
    spellcheck: 'false',
    'aria-label': text('knob.typed', { name: label }),
    oninput: () => {
      typing = true
      typed.removeAttribute('aria-invalid')
    },
    onchange: () => {
      const found = read(typed.value, kind, written(value ?? last))
      typing = found === null || found < bounds[0] || found > bounds[1] || !isWhole(found)
      if (typing) typed.setAttribute('aria-invalid', 'true')
      else turn(found)
    },
    onblur: () => {
      typing = false
      show(value)
    }
  })
  const isWhole = (found: number): boolean => kind !== 'count' || Number.isInteger(found)
  const off = element('input', {
    type: 'checkbox',
    onchange: () => turn(off.checked ? null : last)
  })
  const written = (figure: number): string => numbers[kind](figure)
  const row = element(
    'div',
    { class: 'knob', 'data-knob': name, title: text(`knob.about.${name}`) },
    element('span', { class: 'name', 'aria-hidden': 'true' }, label),
    range,
    typed,
    first === null ? null : element('label', { class: 'off' }, off, ' ', text('knob.none'))
  )

  function show(next: number | null): void {
    value = next
    if (next !== null) last = next
    const place = scale.toPosition(last) * STEPS
    if (range.valueAsNumber !== place && scale.toValue(range.valueAsNumber / STEPS) !== last)
      range.value = String(place)
    const words = next === null ? text('knob.none') : written(next)
    range.setAttribute('aria-valuetext', words)
    range.disabled = next === null
    typed.disabled = next === null
    off.checked = next === null
    if (typing) return
    typed.removeAttribute('aria-invalid')
    if (typed.value !== words) typed.value = words
  }

  return { element: row, show }
}
