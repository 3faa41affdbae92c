import { element, setChildren } from './elements.js'
import type { OpenView, Shown, View } from './view.js'
import { watchVisible } from './visible.js'

/** A view and its styles, in a file of its own. */
export interface Part {
  readonly open: OpenView
  readonly css: string
}

/** A view that is loaded when somebody first sees its place. */
export const openLater =
  (load: () => Promise<Part>): OpenView =>
  context => {
    const place = element('div', { class: 'later' })
    let view: View | null = null
    let last: Shown | null = null
    let asked = false
    let closed = false

    async function arrive(): Promise<void> {
      try {
        const { open, css } = await load()
        if (closed) return
        view = open(context)
        setChildren(place, element('style', {}, css), view.element)
        place.classList.remove('later')
        if (last !== null) view.show(last)
      } catch (error) {
        // Node-RED was away: the next look asks again
        asked = false
        const message = error instanceof Error ? error.message : String(error)
        place.textContent = context.text('error.load', { message })
      }
    }
    const unwatch = watchVisible(place, visible => {
      if (!visible || asked) return
      asked = true
      void arrive()
    })

    return {
      element: place,
      show(shown) {
        last = shown
        view?.show(shown)
      },
      close() {
        closed = true
        unwatch()
        view?.close()
      }
    }
  }
