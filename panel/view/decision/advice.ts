import { type DecisionSettings, decide } from '../../../lib/theory/decision.js'
import { type Decisions, DecisionsWatch, type StreamFacts } from '../../decisions.js'
import { nodeProperties, sameSettings } from '../../model/decision/knobs.js'
import { nameText } from '../../model/words/names.js'
import { changes, looks } from '../changes.js'
import { element, setChildren } from '../elements.js'
import type { Shown, View, ViewContext } from '../view.js'
import { watchVisible } from '../visible.js'
import { openFrontier } from './frontier.js'
import { openSliders } from './sliders.js'
import { openVerdict } from './verdict.js'

/** Push or poll, and how often: the answer, why, and what it would be with another target, plan or budget. */
export function openAdvice(context: ViewContext): View {
  const { text, editor } = context
  const changed = changes()
  let last: Shown | null = null
  let visible = false
  let streamName: string | null = null
  /** The reader's own settings; null as long as they are the node's. */
  let mine: DecisionSettings | null = null
  let of: string | null = null

  const watch = new DecisionsWatch(editor, () => show())
  const verdict = openVerdict(context)
  const frontier = openFrontier(context)
  const sliders = openSliders(context, {
    turned(settings) {
      mine = settings
      show()
    },
    back() {
      mine = null
      show()
    },
    save: settings => of !== null && editor.writeProperties(of, nodeProperties(settings))
  })
  const chooser = element('select', {
    class: 'stream',
    'aria-label': text('advice.stream'),
    onchange: () => {
      streamName = chooser.value
      show()
    }
  })
  const waiting = element('p', { class: 'note' }, text('advice.waiting'))
  const words = element('div', { class: 'side' }, verdict.element, sliders.element)
  const card = element('div', { class: 'card', hidden: true }, words, frontier.element)
  const body = element('div', { class: 'advice-view' }, chooser, waiting, card)
  // the editor must not delete or move nodes by what is typed here; Escape goes on to the panel
  body.addEventListener('keydown', event => {
    if (event.key !== 'Escape') event.stopPropagation()
  })
  const unwatch = watchVisible(body, now => {
    visible = now
    ask()
    show()
  })

  function ask(): void {
    const wanted = visible && last !== null && !last.frozen ? (last.report?.id ?? null) : null
    watch.want(wanted)
  }

  function chosenOf({ streams }: Decisions): StreamFacts | null {
    const names = streams.map(({ facts }) => facts.stream)
    const listed = JSON.stringify(names)
    if (chooser.dataset.listed !== listed) {
      chooser.dataset.listed = listed
      setChildren(chooser, ...names.map(name => element('option', { value: name }, nameText(name))))
    }
    chooser.hidden = streams.length < 2
    const chosen = streams.find(({ facts }) => facts.stream === streamName) ?? streams[0] ?? null
    if (chosen !== null) chooser.value = chosen.facts.stream
    return chosen
  }

  function show(): void {
    if (last === null || !visible) return
    const { report, lanes, expanded } = last
    const decisions = of === null ? null : watch.of(of)
    const chosen = decisions === null ? null : chosenOf(decisions)
    waiting.hidden = chosen !== null
    card.hidden = chosen === null
    if (decisions === null || chosen === null) {
      chooser.hidden = true
      return
    }
    const settings = mine ?? decisions.settings
    // asked first: styles are worked out anew after what is written below
    const theme = context.theme()
    if (!changed(chosen, settings, report, expanded, theme.dark, looks(lanes))) return
    const { facts, gaps } = chosen
    const advice = decide(facts, settings, gaps)
    frontier.show({ advice, facts, gaps, settings, lanes, expanded, theme })
    verdict.show(advice)
    sliders.show(settings, mine === null || sameSettings(mine, decisions.settings))
  }

  return {
    element: body,
    show(shown) {
      last = shown
      const id = shown.report?.id ?? null
      if (id !== of) {
        of = id
        mine = null
      }
      ask()
      show()
    },
    close() {
      watch.want(null)
      unwatch()
      frontier.close()
    }
  }
}
