import type { Editor } from '../../editor/editor.js'
import { Announcer, meaningOf } from '../../model/words/announcer.js'
import { flagTexts } from '../../model/words/flag-texts.js'
import { headlineOf, NOTHING } from '../../model/words/headline.js'
import { type MissingWire, missingWires } from '../../model/words/missing-wires.js'
import { pluralForm, type Sentence, type Wording } from '../../model/words/sentence.js'
import { situationOf } from '../../model/words/situation.js'
import type { Flow } from '../../model/words/wiring.js'
import type { Watched } from '../../watch.js'
import { element, setText } from '../elements.js'
import type { Shown, ViewContext } from '../view.js'
import { openGuide } from './guide.js'

/** Whether the workloads that feed what is shown run, and their switch. */
export interface WorkloadSwitch {
  /** Null without any. */
  readonly running: boolean | null
  set(running: boolean): Promise<void>
}

/** What the numbers say, in words; below it what would make them say more. */
export function openHeadline(context: ViewContext, editor: Editor, workloads: WorkloadSwitch) {
  const { text, numbers } = context
  const wording: Wording = {
    numbers,
    plural: pluralForm(editor.language),
    reason: flag => flagTexts(flag, context).message
  }
  const announcer = new Announcer()
  // what is read out changes seldom; what is seen follows the figures
  const seen = element('p', { class: 'headline', 'aria-hidden': 'true' })
  const spoken = element('p', { class: 'spoken unseen', 'aria-live': 'polite' })
  const progress = element('p', { class: 'progress' })
  let watched: string | null = null
  const guide = openGuide(context, editor, {
    start: () => workloads.set(true),
    reset: () => editor.post(`delivery/metrics/${encodeURIComponent(watched ?? '')}/reset`, {})
  })
  const home = element('div', { class: 'words' }, seen, spoken, progress, guide.element)

  let looked: { readonly flow: Flow; readonly id: string; readonly missing: readonly MissingWire[] } | null =
    null
  const missing = (flow: Flow, id: string): readonly MissingWire[] => {
    // walking all wires several times a second would be felt in large flows
    if (looked?.flow !== flow || looked.id !== id) looked = { flow, id, missing: missingWires(flow, id) }
    return looked.missing
  }
  const words = ({ key, params }: Sentence): string => text(key, params)
  const sentenceOf = (clauses: readonly Sentence[]): string => {
    const whole = clauses.map(words).join('; ')
    return /[.!?…]$/.test(whole) ? whole : `${whole}.`
  }

  return {
    element: home,
    show({ lanes, report, frozen }: Shown, { nodes, trouble }: Watched): void {
      watched = report?.id ?? null
      const headline =
        report === null
          ? NOTHING
          : headlineOf(
              report,
              lanes.map(lane => lane.report),
              wording
            )
      const situation = situationOf({
        running: nodes,
        report,
        flow: editor.flow(),
        placing: editor.placing,
        undeployed: editor.undeployed,
        workloadsRun: workloads.running,
        missing
      })
      const told = situation.kind === 'measuring' ? headline.sentences.map(sentenceOf).join(' ') : ''
      setText(seen, told)
      seen.hidden = told === ''
      const { progress: next } = headline
      progress.hidden = told === '' || next === null
      if (next !== null) setText(progress, words(next))
      if (told !== '' && !frozen && announcer.isNews(meaningOf(headline), performance.now()))
        setText(spoken, told)
      guide.element.hidden = trouble !== null && nodes === null
      guide.show(situation, headline.unequal)
    }
  }
}
