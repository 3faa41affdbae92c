import type { Advice } from '../../../lib/theory/decision.js'
import { adviceWords, type Change } from '../../model/decision/advice-words.js'
import type { Sentence } from '../../model/words/sentence.js'
import { element, setChildren } from '../elements.js'
import type { ViewContext } from '../view.js'

/** The verdict in one line, its reasons, and what would change it. */
export function openVerdict({ text, numbers }: ViewContext) {
  const line = element('p', { class: 'verdict', role: 'status' })
  const reasons = element('ul', { class: 'reasons' })
  const changes = element('ul', { class: 'changes' })
  const title = element('h4', {}, text('advice.wouldChange'))
  const whole = element('div', { class: 'words' }, line, reasons, title, changes)
  let drawn = ''

  const words = ({ key, params }: Sentence): string => text(key, params)
  const change = ({ what, verdict }: Change): string =>
    text(`advice.then.${verdict}`, { change: words(what) })

  return {
    element: whole,
    show(advice: Advice): void {
      const said = adviceWords(advice, numbers)
      const now = JSON.stringify(said)
      if (now === drawn) return
      drawn = now
      line.dataset.verdict = advice.verdict
      const [why, ...others] = said.reasons
      const open = advice.verdict === 'not-conclusive' && why !== undefined
      setChildren(
        line,
        words(said.verdict),
        open ? ' ' : null,
        open ? element('span', { class: 'why' }, words(why)) : null
      )
      const shown = open ? others : said.reasons
      setChildren(reasons, ...shown.map(reason => element('li', {}, words(reason))))
      title.hidden = said.changes.length === 0
      setChildren(changes, ...said.changes.map(one => element('li', {}, change(one))))
    }
  }
}
