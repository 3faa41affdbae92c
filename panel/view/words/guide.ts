import { AdminError, type Editor } from '../../editor/editor.js'
import type { MissingWire } from '../../model/words/missing-wires.js'
import { nameText } from '../../model/words/names.js'
import { pluralForm } from '../../model/words/sentence.js'
import type { Situation } from '../../model/words/situation.js'
import { element, setChildren, setText } from '../elements.js'
import type { ViewContext } from '../view.js'

/** What the guide may do beside the editor's own doings; each fails with an `AdminError`. */
export interface GuideActions {
  start(): Promise<unknown>
  reset(): Promise<unknown>
}

/** Leads from an empty workspace to a comparison: says what is missing, by name, and does what it can. */
export function openGuide({ text, reveal }: ViewContext, editor: Editor, { start, reset }: GuideActions) {
  const plural = pluralForm(editor.language)
  const message = element('p', { class: 'message', role: 'status' })
  const told = element('p', { class: 'told', role: 'status' })
  const buttons = element('div', { class: 'actions' })
  const list = element('ul', { class: 'wires' })
  const summary = element('summary')
  // a comparison that works asks for nothing: what it lacks is folded away
  const folded = element('details', { class: 'hints' }, summary)
  const home = element('div', { class: 'guide' }, message, list, buttons, told, folded)
  let drawn = ''

  const action = (key: string, pressed: () => unknown, primary = false): HTMLElement => {
    const button = element('button', { type: 'button', class: primary ? `${key} primary` : key })
    button.append(text(`guide.action.${key}`))
    button.addEventListener('click', async () => {
      setText(told, '')
      try {
        await pressed()
      } catch (error) {
        if (!(error instanceof AdminError)) throw error
        setText(told, text('guide.failed', { message: error.message }))
      }
    })
    return button
  }
  const importExample = action('import', () => editor.importExample(), true)
  const insert = action('insert', () => editor.insertComparison())

  const wire = ({ kind, node, into }: MissingWire): HTMLElement =>
    element(
      'li',
      {},
      element(
        'button',
        {
          type: 'button',
          class: `wire ${kind}`,
          title: text('guide.reveal', { name: nameText(node.name) }),
          onclick: () => reveal(node.id)
        },
        text(`guide.wire.${kind}`, { name: nameText(node.name), into: nameText(into) })
      )
    )

  function draw(situation: Situation, unequal: boolean): void {
    const missing = 'missing' in situation ? situation.missing : []
    const measuring = situation.kind === 'measuring'
    const params =
      'node' in situation
        ? { name: nameText(situation.node.name) }
        : 'name' in situation
          ? { name: nameText(situation.name) }
          : {}
    const step = situation.kind === 'nothing' && !editor.mayEdit ? 'readOnly' : situation.kind
    setText(message, measuring ? '' : text(`guide.${step}`, params))
    setText(told, '')
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
      buttons,
      nothing && mayEdit ? importExample : null,
      (nothing || (unwired && missing.length === 0)) && mayEdit ? insert : null,
      'node' in situation ? show(situation.node.id) : null,
      situation.kind === 'workload-stopped' && mayWrite ? action('start', start, true) : null,
      measuring && unequal && mayWrite ? action('reset', reset) : null
    )
  }
  const show = (id: string): HTMLElement => action('reveal', () => reveal(id))

  return {
    element: home,
    /** @param unequal - the lanes do not compare as they stand */
    show(situation: Situation, unequal: boolean): void {
      const now = JSON.stringify([situation, unequal])
      if (now === drawn) return
      drawn = now
      draw(situation, unequal)
    }
  }
}
