import type { Figure } from '../../../lib/metrics/figures.js'
import type { Sorting, TableCell, TableRow } from '../../model/table/rows.js'
import { flagTitle } from '../../model/words/flag-texts.js'
import { element, setChildren, setText } from '../elements.js'
import type { ViewContext } from '../view.js'

/** One figure: its name, which sorts the lanes when clicked, and its value for every lane. */
export function openTableRow(context: ViewContext, figure: Figure, sort: () => void) {
  const { text } = context
  const { key } = figure
  const button = element(
    'button',
    { type: 'button', title: text(`table.about.${key}`), onclick: sort },
    text(`table.figure.${key}`)
  )
  const arrow = element('span', { class: 'arrow', 'aria-hidden': 'true' })
  button.append(arrow)
  const head = element('th', { scope: 'row', class: 'name' }, button)
  const row = element('tr', { 'data-figure': key }, head)
  let cells: readonly HTMLElement[] = []

  function fill(cell: HTMLElement, { text: value, best, flag, why }: TableCell, before: string | null): void {
    const words = best ? `✓ ${value}` : value
    const was = before === null ? '' : text('saved.was', { value: before })
    if (cell.textContent !== words + was)
      setChildren(cell, words, was === '' ? null : element('small', { class: 'before' }, was))
    cell.classList.toggle('best', best)
    cell.classList.toggle('spoilt', flag !== null)
    const title =
      flag !== null
        ? flagTitle(flag, context)
        : why !== null
          ? text(`table.why.${why}`)
          : best
            ? text('table.best')
            : ''
    if (cell.title !== title) cell.title = title
  }

  return {
    element: row,
    /** Makes room for so many lanes. */
    arrange(lanes: number, shown: boolean, sorting: Sorting | null): void {
      row.hidden = !shown
      const mine = sorting?.key === key ? sorting.direction : null
      if (mine === null) head.removeAttribute('aria-sort')
      else head.setAttribute('aria-sort', mine)
      setText(arrow, mine === null ? '' : mine === 'ascending' ? '\u2002→' : '\u2002←')
      if (!shown || lanes === cells.length) return
      // the head stays where it is, and so does the focus
      for (const cell of cells) cell.remove()
      cells = Array.from({ length: lanes }, () => element('td'))
      row.append(...cells)
    },
    /** @param before - of an earlier run, one per lane */
    show({ cells: values }: TableRow, before: readonly (string | null)[]): void {
      for (const [place, value] of values.entries()) {
        const cell = cells[place]
        if (cell !== undefined) fill(cell, value, before[place] ?? null)
      }
    }
  }
}
