import { AdminError, type Editor } from '../../editor/editor.js'
import { goneLanes } from '../../model/saved/beside.js'
import type { SavedRun } from '../../model/saved/saved-run.js'
import { element, setText } from '../elements.js'
import type { ShownLane, ViewContext } from '../view.js'
import { fileName, saveFile } from './save-file.js'

/** More is no report of ours: 100 lanes with all their histograms are some 3 MB. */
const MOST_BYTES = 32e6

/** What may be saved: where it is asked for, how the file ends, and its type. */
const FORMS = {
  page: { path: 'report.html', end: '.html', type: 'text/html' },
  csv: { path: 'report.csv', end: '.csv', type: 'text/csv' },
  json: { path: 'report.json', end: '.json', type: 'application/json' },
  times: { path: 'times', end: '-times.json', type: 'application/json' }
} as const

export interface SavedOptions {
  readonly context: ViewContext
  readonly editor: Pick<Editor, 'getText'>
  /** The metrics node that is looked at. */
  chosen(): { readonly path: string; readonly name: string } | null
  /** Another run stands beside, or none any more. */
  changed(): void
}

/** Saves this run, and shows one that was saved beside it. */
export function openSaved({ context, editor, chosen, changed }: SavedOptions) {
  const { text } = context
  let run: SavedRun | null = null

  const said = element('p', { class: 'said', role: 'status', hidden: true })
  const say = (words: string): void => {
    setText(said, words)
    said.hidden = words === ''
  }
  const titles = {
    page: text('saved.page'),
    csv: text('saved.csv'),
    json: text('saved.json'),
    times: text('saved.times')
  }
  const input = element('input', {
    type: 'file',
    accept: '.json,application/json',
    hidden: true,
    onchange: () => {
      const file = input.files?.[0]
      // the same file may be chosen again
      input.value = ''
      if (file !== undefined) void take(file)
    }
  })
  const menu = element(
    'div',
    { class: 'saving', role: 'group', 'aria-label': text('saved.title'), hidden: true },
    ...(Object.keys(FORMS) as (keyof typeof FORMS)[]).map(form =>
      element(
        'button',
        { type: 'button', class: `save-${form}`, onclick: () => void save(form) },
        titles[form]
      )
    ),
    element(
      'button',
      { type: 'button', class: 'beside', onclick: () => input.click() },
      text('saved.choose')
    ),
    input
  )
  const button = element(
    'button',
    { type: 'button', class: 'save', 'aria-expanded': 'false', onclick: () => open(menu.hidden !== false) },
    text('saved.button')
  )
  const name = element('span', { class: 'run' })
  const remove = element(
    'button',
    { type: 'button', class: 'remove', onclick: () => beside(null) },
    text('saved.remove')
  )
  const gone = element('span', { class: 'gone' })
  const banner = element('div', { class: 'saved-run', hidden: true }, name, gone, remove)
  menu.addEventListener('keydown', event => {
    if (event.key !== 'Escape') return
    event.stopPropagation()
    open(false)
    button.focus()
  })

  function open(wanted: boolean): void {
    menu.hidden = !wanted
    button.setAttribute('aria-expanded', String(wanted))
    if (wanted) menu.querySelector('button')?.focus()
    else say('')
  }

  async function save(form: keyof typeof FORMS): Promise<void> {
    const node = chosen()
    if (node === null) return
    const { path, end, type } = FORMS[form]
    try {
      const body = await editor.getText(`${node.path}/${path}`)
      saveFile(fileName(node.name, new Date(), end), body, type)
      say(text('saved.done'))
    } catch (error) {
      if (!(error instanceof AdminError)) throw error
      say(text('saved.failed', { message: error.message }))
    }
  }

  function beside(wanted: SavedRun | null): void {
    run = wanted
    banner.hidden = run === null
    if (run !== null)
      setText(name, text('saved.beside', { name: run.name, time: new Date(run.endedAt).toLocaleString() }))
    say('')
    changed()
  }

  /** Reads a file as an earlier run; says why when it is none. */
  async function take(file: File): Promise<void> {
    if (file.size > MOST_BYTES) {
      say(text('saved.large'))
      return
    }
    try {
      const { readSavedRun } = await import('./part.js')
      const read = readSavedRun(await file.text())
      if (typeof read === 'object') beside(read)
      else say(reasons[read])
    } catch (error) {
      // the file is gone, or Node-RED is away
      say(text('saved.unread', { message: error instanceof Error ? error.message : String(error) }))
    }
  }
  const reasons = {
    json: text('saved.no.json'),
    foreign: text('saved.no.foreign'),
    version: text('saved.no.version'),
    empty: text('saved.no.empty'),
    damaged: text('saved.no.damaged')
  }

  return {
    button,
    menu,
    /** Below the toolbar: what stands beside, and what there is to say. */
    element: element('div', { class: 'saved' }, said, banner),
    get run(): SavedRun | null {
      return run
    },
    take,
    show(lanes: readonly ShownLane[]): void {
      const names = goneLanes(run, lanes).map(lane => lane.name)
      setText(gone, names.length === 0 ? '' : text('saved.gone', { names: names.join(', ') }))
    }
  }
}
