import { element, setChildren } from '../elements.js'
import type { Shown, ViewContext } from '../view.js'

type Part = typeof import('./part.js')

export interface LessonOptions {
  readonly context: ViewContext
  readonly panel: HTMLElement
  expand(wanted: boolean): void
}

/** For a class: buttons that hide results until they are guessed, and that present them; loaded when first asked for. */
export function openLesson({ context, panel, expand }: LessonOptions) {
  const { text } = context
  const place = element('div', { class: 'lesson', hidden: true })
  const button = (name: string, pressed: () => void) =>
    element('button', { type: 'button', class: name, 'aria-pressed': 'false', onclick: pressed })
  const predictButton = button('predict', () => (predict === null ? void run(guessFirst) : leave()))
  const presentButton = button('present', () => (present === null ? void run(walk) : leave()))
  predictButton.append(text('lesson.predict'))
  presentButton.append(text('lesson.present'))
  let predict: ReturnType<Part['openPredict']> | null = null
  let present: ReturnType<Part['openPresent']> | null = null
  let last: Shown | null = null

  async function run(what: (part: Part) => HTMLElement): Promise<void> {
    leave()
    place.hidden = false
    try {
      const part = await import('./part.js')
      leave()
      const view = what(part)
      setChildren(place, element('style', {}, part.css), view)
      place.hidden = false
      predict?.focus()
      if (last !== null) predict?.show(last)
    } catch (error) {
      // Node-RED was away: the next click asks again
      place.textContent = text('error.load', {
        message: error instanceof Error ? error.message : String(error)
      })
    }
  }
  function guessFirst({ openPredict }: Part): HTMLElement {
    panel.classList.add('guessing')
    predictButton.setAttribute('aria-pressed', 'true')
    predict = openPredict(context, () => panel.classList.remove('guessing'))
    return predict.element
  }
  function walk({ openPresent }: Part): HTMLElement {
    expand(true)
    presentButton.setAttribute('aria-pressed', 'true')
    present = openPresent(context, panel)
    return present.element
  }
  function leave(): void {
    present?.close()
    present = null
    predict = null
    panel.classList.remove('guessing')
    for (const one of [predictButton, presentButton]) one.setAttribute('aria-pressed', 'false')
    place.replaceChildren()
    place.hidden = true
  }

  return {
    buttons: [predictButton, presentButton],
    element: place,
    show(shown: Shown): void {
      last = shown
      predict?.show(shown)
    },
    /** @returns whether a presentation took the key: then nothing else is to be done */
    key(name: string): boolean {
      return present?.key(name) ?? false
    },
    /** The panel left the whole window. */
    shrunk(): void {
      if (present !== null) leave()
    }
  }
}
