import { element, setChildren } from './elements.js'
import { swatch } from './swatch.js'
import type { ShownLane, ViewContext } from './view.js'

/** Lanes shown at once, unless the reader asks for more. */
const SHOWN_AT_FIRST = 8

export interface Legend {
  readonly element: HTMLElement
  isHidden(key: string): boolean
  show(lanes: readonly ShownLane[]): void
}

/** One switch per lane with its colour, pattern and name; a hidden lane is hidden in every picture. */
export function openLegend(context: ViewContext, changed: () => void): Legend {
  const list = element('ul', { class: 'legend', 'aria-label': context.text('legend.lanes') })
  const chosen = new Map<string, boolean>()
  let order = new Map<string, number>()
  let drawn = ''
  const isHidden = (key: string): boolean => !(chosen.get(key) ?? (order.get(key) ?? 0) < SHOWN_AT_FIRST)

  const entry = ({ key, report, colour, dash }: ShownLane): HTMLElement => {
    const shown = !isHidden(key)
    const { name, model, trigger, intervalMs } = report
    const every =
      model === 'pull' && trigger === 'interval' && intervalMs !== null
        ? context.text('legend.every', { interval: context.numbers.duration(intervalMs) })
        : ''
    const button = element(
      'button',
      {
        type: 'button',
        class: 'lane',
        'aria-pressed': String(shown),
        title: context.text(shown ? 'legend.hide' : 'legend.show', { name }),
        onclick: () => {
          chosen.set(key, isHidden(key))
          changed()
        }
      },
      swatch(colour, dash),
      element('span', { class: 'name' }, name),
      element('span', { class: 'model' }, [context.text(`model.${model}`), every].filter(Boolean).join(', '))
    )
    return element('li', {}, button)
  }

  return {
    element: list,
    isHidden,
    show(lanes) {
      order = new Map(lanes.map(({ key }, place) => [key, place]))
      const now = JSON.stringify(
        lanes.map(({ key, report, colour }) => [key, report.name, report.intervalMs, colour, isHidden(key)])
      )
      if (now === drawn) return
      drawn = now
      const focused = [...list.querySelectorAll('button')].findIndex(button => button.matches(':focus'))
      setChildren(list, ...lanes.map(entry))
      if (focused >= 0) list.querySelectorAll('button')[focused]?.focus()
    }
  }
}
