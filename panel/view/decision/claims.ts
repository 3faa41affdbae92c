import type { Claim } from '../../../lib/metrics/report.js'
import { AdminError } from '../../editor/editor.js'
import { claimReason, exampleOf } from '../../model/decision/claim-words.js'
import { changes } from '../changes.js'
import { element, setChildren, setText } from '../elements.js'
import type { View, ViewContext } from '../view.js'

/** What each verdict is drawn as. */
const SIGNS: Readonly<Record<Claim['verdict'], string>> = {
  holds: '✓',
  'does-not-hold': '✗',
  'not-tested': '○'
}

/** What people say of push and pull: whether it holds in this run, the figures behind it, and the example that tests it. */
export function openClaims({ text, numbers, editor, shrink }: ViewContext): View {
  const changed = changes()
  const list = element('ul', { class: 'claims-list' })
  const told = element('p', { class: 'told', role: 'status' })
  const whole = element('div', { class: 'claims-view' }, list, told)

  async function importExample(number: string): Promise<void> {
    setText(told, '')
    try {
      await editor.importExample(number)
      shrink()
    } catch (error) {
      if (!(error instanceof AdminError)) throw error
      setText(told, text('guide.failed', { message: error.message }))
    }
  }

  function row(claim: Claim): HTMLElement {
    const { id, verdict } = claim
    const { key, params } = claimReason(claim, numbers)
    const named = Object.fromEntries(
      (['verdict', 'otherwise'] as const).flatMap(name =>
        name in params ? [[name, text(`claims.advised.${params[name]}`)]] : []
      )
    )
    const number = verdict === 'not-tested' ? exampleOf(claim) : null
    return element(
      'li',
      { class: verdict, 'data-claim': id },
      element('span', { class: 'sign', 'aria-hidden': 'true' }, SIGNS[verdict]),
      element(
        'div',
        {},
        element('b', {}, text(`claims.sentence.${id}`)),
        ' ',
        element('span', { class: 'finding' }, text(`claims.verdict.${verdict}`)),
        element('p', { class: 'why' }, text(key, { ...params, ...named })),
        number === null || !editor.mayEdit
          ? null
          : element(
              'button',
              { type: 'button', class: 'test', onclick: () => void importExample(number) },
              text('claims.import', { number })
            )
      )
    )
  }

  return {
    element: whole,
    show({ report }) {
      const claims = report?.claims ?? []
      if (changed(JSON.stringify(claims), editor.mayEdit)) setChildren(list, ...claims.map(row))
    },
    close() {
      whole.replaceChildren()
    }
  }
}
