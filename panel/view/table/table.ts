import { figures } from '../../../lib/metrics/figures.js'
import { savedText } from '../../model/saved/beside.js'
import { tableCsv } from '../../model/table/csv.js'
import { notesOf } from '../../model/table/notes.js'
import {
  figuresShown,
  GROUPS,
  nextSorting,
  rowOf,
  type Sorting,
  sortedLanes,
  type TableGroup
} from '../../model/table/rows.js'
import { flagTitle } from '../../model/words/flag-texts.js'
import { nameText } from '../../model/words/names.js'
import { element, setChildren, setText } from '../elements.js'
import type { OpenView, Shown, ShownLane } from '../view.js'
import { copyText } from './clipboard.js'
import { laneHead } from './head.js'
import { openTableRow } from './row.js'

/** How long it says that something was copied. */
const SAID_MS = 4000

/** Every figure of every visible lane: sorted by choice, the best marked, the rest explained. */
export const openTable: OpenView = context => {
  const { text, numbers } = context
  let last: Shown | null = null
  let sorting: Sorting | null = null
  let all = false
  let drawn = ''
  let timer: ReturnType<typeof setTimeout> | undefined

  const more = element('button', { type: 'button', class: 'more', onclick: () => change(() => (all = !all)) })
  const copy = element(
    'button',
    { type: 'button', class: 'copy', onclick: () => void copyCsv() },
    text('table.copy')
  )
  const said = element('span', { class: 'said', role: 'status' })
  const corner = element('th', { scope: 'col', class: 'name' }, text('table.corner'))
  const head = element('tr', {}, corner)
  const rows = new Map(
    figures.map(figure => [
      figure.key,
      openTableRow(context, figure, () => change(() => (sorting = nextSorting(figure, sorting))))
    ])
  )
  const bodies = new Map(
    GROUPS.map(group => {
      const title = element(
        'th',
        { scope: 'rowgroup', class: 'group' },
        element('span', {}, text(`table.group.${group}`))
      )
      const body = element('tbody', {}, element('tr', {}, title))
      body.append(...figuresShown(group, true).map(({ key }) => rows.get(key)?.element ?? ''))
      return [group, { body, title }]
    })
  )
  const table = element(
    'table',
    {},
    element('thead', {}, head),
    ...[...bodies.values()].map(({ body }) => body)
  )
  const scroll = element(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': text('table.title') },
    table
  )
  const notes = element('ul', { class: 'notes' })
  const home = element('div', {}, element('div', { class: 'bar' }, more, copy, said), scroll, notes)

  function change(what: () => void): void {
    what()
    if (last !== null) view.show({ ...last })
  }

  const columns = ({ lanes }: Shown): readonly ShownLane[] => sortedLanes(lanes, sorting)

  async function copyCsv(): Promise<void> {
    if (last === null) return
    const lanes = columns(last)
    const csv = tableCsv(
      [text('table.corner'), ...lanes.map(({ report }) => report.name)],
      GROUPS.flatMap(group => figuresShown(group, all)).map(figure =>
        rowOf(
          figure,
          lanes.map(({ report }) => report),
          numbers
        )
      ),
      ({ figure }) => text(`table.figure.${figure.key}`)
    )
    setText(said, text((await copyText(csv)) ? 'table.copied' : 'table.notCopied'))
    clearTimeout(timer)
    timer = setTimeout(() => setText(said, ''), SAID_MS)
  }

  function arrange(lanes: readonly ShownLane[]): void {
    const many = new Set(lanes.map(({ report }) => report.stream)).size > 1
    setChildren(head, corner, ...lanes.map(lane => laneHead(context, lane, many)))
    setText(more, text(all ? 'table.less' : 'table.more'))
    more.setAttribute('aria-expanded', String(all))
    for (const [group, { body, title }] of bodies) {
      const shown = figuresShown(group as TableGroup, all)
      body.hidden = shown.length === 0
      title.colSpan = lanes.length + 1
      for (const figure of figuresShown(group as TableGroup, true))
        rows.get(figure.key)?.arrange(lanes.length, shown.includes(figure), sorting)
    }
  }

  const view = {
    element: home,
    show(shown: Shown): void {
      const { report } = shown
      if (report === null) return
      const lanes = columns(shown)
      const now = JSON.stringify([
        all,
        sorting,
        lanes.map(({ key, colour, report }) => [key, colour, report.name, report.intervalMs])
      ])
      if (now === drawn && last?.report === report && last.before === shown.before) return
      last = shown
      if (now !== drawn) arrange(lanes)
      drawn = now
      const reports = lanes.map(lane => lane.report)
      for (const group of GROUPS)
        for (const figure of figuresShown(group, all))
          rows.get(figure.key)?.show(
            rowOf(figure, reports, numbers),
            lanes.map(lane => savedText(shown.before, lane, figure, numbers))
          )
      const names = new Set(reports.map(({ name }) => name))
      const told = notesOf(report, name => names.has(name))
      setChildren(
        notes,
        ...told.map(({ names, flag }) =>
          element(
            'li',
            { class: flag.code === 'TOO_FEW' ? 'young' : 'complaint' },
            names.length === 0 ? null : element('b', {}, `${names.map(nameText).join(', ')}: `),
            `${flagTitle(flag, context)} `,
            element('small', {}, flag.code)
          )
        )
      )
    },
    close(): void {
      clearTimeout(timer)
    }
  }
  return view
}
