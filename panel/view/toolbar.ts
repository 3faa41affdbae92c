import type { MetricsNode } from '../watch.js'
import { element, setChildren, setText } from './elements.js'
import type { ViewContext } from './view.js'

/** What the toolbar shows. */
export interface ToolbarState {
  readonly nodes: readonly MetricsNode[]
  readonly chosen: string | null
  readonly seconds: number | null
  readonly frozen: boolean
  readonly expanded: boolean
  readonly spanSeconds: number
  /** Workloads that feed the metrics node; null when there are none. */
  readonly workloadsRun: boolean | null
  readonly mayWrite: boolean
}

/** What its buttons do. */
export interface ToolbarActions {
  choose(id: string): void
  setWorkloads(running: boolean): void
  reset(): void
  freeze(frozen: boolean): void
  expand(expanded: boolean): void
  span(seconds: number): void
}

export const SPANS_SECONDS = [10, 30, 60, 120] as const

/** Chooser, running time, and the buttons. */
export function openToolbar({ text, numbers }: ViewContext, actions: ToolbarActions) {
  const chooser = element('select', {
    class: 'chooser',
    'aria-label': text('toolbar.node'),
    onchange: () => actions.choose(chooser.value)
  })
  const time = element('span', { class: 'time', title: text('toolbar.time') })
  const span = element(
    'select',
    {
      class: 'span',
      'aria-label': text('toolbar.span'),
      title: text('toolbar.span'),
      onchange: () => actions.span(Number(span.value))
    },
    ...SPANS_SECONDS.map(seconds =>
      element('option', { value: String(seconds) }, numbers.duration(seconds * 1000))
    )
  )
  const button = (name: string, pressed: () => void) =>
    element('button', { type: 'button', class: name, onclick: pressed })
  let state: ToolbarState | null = null
  const workloads = button('workloads', () => actions.setWorkloads(!state?.workloadsRun))
  const freeze = button('freeze', () => actions.freeze(!state?.frozen))
  const expand = button('expand', () => actions.expand(!state?.expanded))
  const reset = button('reset', () => {
    question.hidden = false
    yes.focus()
  })
  const closeQuestion = () => {
    question.hidden = true
    reset.focus()
  }
  const yes = button('yes', () => {
    closeQuestion()
    actions.reset()
  })
  const no = button('no', closeQuestion)
  setText(yes, text('toolbar.resetYes'))
  setText(no, text('toolbar.resetNo'))
  const question = element(
    'div',
    { class: 'question', role: 'alertdialog', 'aria-label': text('toolbar.reset'), hidden: true },
    element('span', {}, text('toolbar.resetAsk')),
    yes,
    no
  )
  question.addEventListener('keydown', event => {
    if (event.key !== 'Escape') return
    event.stopPropagation()
    closeQuestion()
  })
  const bar = element(
    'div',
    { class: 'toolbar' },
    chooser,
    time,
    span,
    workloads,
    reset,
    freeze,
    expand,
    question
  )
  let listed = ''

  return {
    element: bar,
    show(next: ToolbarState): void {
      state = next
      const { nodes, chosen, seconds, frozen, expanded, workloadsRun, mayWrite, spanSeconds } = next
      const list = JSON.stringify(nodes)
      if (list !== listed) {
        listed = list
        setChildren(
          chooser,
          ...nodes.map(({ id, name, path }) =>
            element('option', { value: id }, path === '' ? name : `${path} / ${name}`)
          )
        )
      }
      if (chosen !== null) chooser.value = chosen
      chooser.hidden = nodes.length < 2
      setText(time, seconds === null ? '' : numbers.duration(Math.floor(seconds) * 1000))
      span.value = String(spanSeconds)
      setText(workloads, text(workloadsRun ? 'toolbar.stop' : 'toolbar.start'))
      workloads.hidden = workloadsRun === null
      workloads.disabled = !mayWrite
      setText(reset, text('toolbar.reset'))
      reset.disabled = !mayWrite || chosen === null
      setText(freeze, text(frozen ? 'toolbar.unfreeze' : 'toolbar.freeze'))
      freeze.setAttribute('aria-pressed', String(frozen))
      setText(expand, text(expanded ? 'toolbar.shrink' : 'toolbar.expand'))
      expand.setAttribute('aria-pressed', String(expanded))
    }
  }
}
