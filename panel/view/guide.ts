import { AdminError, type Editor } from '../editor/editor.js'
import type { MissingWire } from '../model/missing-wires.js'
import { pluralForm } from '../model/sentence.js'
import type { Situation } from '../model/situation.js'
import { element, setChildren, setText } from './elements.js'
import type { ViewContext } from './view.js'

/** Leads from an empty workspace to a comparison: says what is missing, by name, and does what it can. */
export function openGuide({ text, reveal }: ViewContext, editor: Editor, start: () => void) {
  const plural = pluralForm(editor.language)
  const message = element('p', { class: 'message' })
  const failure = element('p', { class: 'trouble', role: 'status' })
  const actions = element('div', { class: 'actions' })
  const list = element('ul', { class: 'wires' })
  const summary = element('summary')
  // a comparison that works asks for nothing: what it lacks is folded away
  const folded = element('details', { class: 'hints' }, summary)
  const home = element('div', { class: 'guide', role: 'status' }, message, list, actions, failure, folded)
  let drawn = ''

  const action = (key: string, pressed: () => void, primary = false): HTMLElement =>
    element(
      'button',
      { type: 'button', class: primary ? `${key} primary` : key, onclick: pressed },
      text(`guide.action.${key}`)
    )
  const importExample = action(
    'import',
    () => {
      setText(failure, '')
      editor.importExample().catch((error: unknown) => {
        if (!(error instanceof AdminError)) throw error
        setText(failure, text('guide.importFailed', { message: error.message }))
      })
    },
    true
  )
  const insert = action('insert', () => editor.insertComparison())
  const begin = action('start', start, true)

  const wire = ({ kind, node, into }: MissingWire): HTMLElement =>
    element(
      'li',
      {},
      element(
        'button',
        {
          type: 'button',
          class: `wire ${kind}`,
          title: text('guide.reveal', { name: node.name }),
          onclick: () => reveal(node.id)
        },
        text(`guide.wire.${kind}`, { name: node.name, into })
      )
    )

  function draw(situation: Situation): void {
    const missing = 'missing' in situation ? situation.missing : []
    const measuring = situation.kind === 'measuring'
    const params =
      'node' in situation
        ? { name: situation.node.name, place: situation.node.place }
        : 'name' in situation
          ? { name: situation.name }
          : {}
    setText(message, measuring ? '' : text(`guide.${situation.kind}`, params))
    setText(failure, '')
    setChildren(list, ...missing.map(wire))
    if (measuring) {
      setText(summary, text(`guide.more.${plural(missing.length)}`, { number: missing.length }))
      folded.append(list)
    } else {
      folded.open = false
      message.after(list)
    }
    folded.hidden = !measuring || missing.length === 0
    list.hidden = missing.length === 0
    const { mayEdit, mayWrite } = editor
    const nothing = situation.kind === 'nothing'
    const unwired = situation.kind === 'unwired'
    setChildren(
      actions,
      nothing && mayEdit ? importExample : null,
      (nothing || (unwired && missing.length === 0)) && mayEdit ? insert : null,
      'node' in situation ? show(situation.node.id) : null,
      situation.kind === 'workload-stopped' && mayWrite ? begin : null
    )
  }
  const show = (id: string): HTMLElement => action('reveal', () => reveal(id))

  return {
    element: home,
    show(situation: Situation): void {
      const now = JSON.stringify(situation)
      if (now === drawn) return
      drawn = now
      draw(situation)
    }
  }
}
