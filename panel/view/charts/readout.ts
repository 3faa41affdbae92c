import type { ReadoutRow } from '../../model/charts/chart-picture.js'
import { element, setChildren, setText } from '../elements.js'
import { swatch } from '../swatch.js'

interface Row {
  readonly element: HTMLElement
  readonly figures: readonly { readonly label: HTMLElement; readonly value: HTMLElement }[]
  readonly note: HTMLElement
}

/** What stands below a chart: a line for each lane with its figures. */
export function openReadout(label: string) {
  const list = element('ul', { class: 'readout', 'aria-label': label })
  let rows: readonly Row[] = []
  let built = ''

  const build = ({ name, colour, dash, figures }: ReadoutRow): Row => {
    const parts = figures.map(() => ({
      label: element('span', { class: 'label' }),
      value: element('span', { class: 'value' })
    }))
    const note = element('span', { class: 'note' })
    return {
      figures: parts,
      note,
      element: element(
        'li',
        {},
        element(
          'span',
          { class: 'lane', title: name },
          swatch(colour, dash),
          element('span', { class: 'name' }, name)
        ),
        ...parts.map(({ label, value }) => element('span', { class: 'figure' }, label, ' ', value)),
        note
      )
    }
  }

  return {
    element: list,
    show(next: readonly ReadoutRow[]): void {
      const shape = JSON.stringify(
        next.map(({ key, name, colour, figures }) => [key, name, colour, figures.length])
      )
      if (shape !== built) {
        built = shape
        rows = next.map(build)
        setChildren(list, ...rows.map(({ element }) => element))
      }
      for (const [place, { figures, note }] of next.entries()) {
        const row = rows[place]
        if (row === undefined) continue
        for (const [index, { label, value }] of figures.entries()) {
          const figure = row.figures[index]
          if (figure === undefined) continue
          setText(figure.label, label)
          setText(figure.value, value)
        }
        setText(row.note, note ?? '')
        row.note.hidden = note === null
      }
    }
  }
}

/** The rows in one sentence each. */
export const rowsInWords = (rows: readonly ReadoutRow[]): string =>
  rows
    .map(({ name, figures, note }) =>
      [name, ...figures.map(({ label, value }) => `${label} ${value}`), note].filter(Boolean).join(', ')
    )
    .join('; ')
