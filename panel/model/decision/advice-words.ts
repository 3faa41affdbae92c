import { namedText } from '../../../lib/metrics/figure-texts.js'
import type { NumberTexts } from '../../../lib/number-texts.js'
import type { Advice, Reason } from '../../../lib/theory/decision.js'
import { type Sentence, sentence } from '../words/sentence.js'

/** An advice in sentences of the catalogue. */
export interface AdviceWords {
  readonly verdict: Sentence
  /** The weightiest first; of what is not conclusive what is missing. */
  readonly reasons: readonly Sentence[]
  readonly changes: readonly Change[]
}

/** What would turn the verdict, and what would hold then. */
export interface Change {
  readonly what: Sentence
  readonly verdict: string
}

const MOST_REASONS = 3
const MOST_CHANGES = 3

export function adviceWords(
  {
    verdict,
    intervalMs,
    reasons,
    wouldChange
  }: Pick<Advice, 'verdict' | 'intervalMs' | 'reasons' | 'wouldChange'>,
  numbers: NumberTexts
): AdviceWords {
  const nothing = reasons[0]?.code === 'NOTHING_MEETS_TARGET'
  const kind = verdict !== 'not-conclusive' ? verdict : nothing ? 'nothing' : 'open'
  const interval = intervalMs === null ? '' : numbers.duration(intervalMs)
  return {
    verdict: sentence(`advice.verdict.${kind}`, { interval }),
    reasons: reasons.slice(0, MOST_REASONS).map(reason => sentenceOf('advice.reason', reason, numbers)),
    changes: wouldChange.slice(0, MOST_CHANGES).map(reason => ({
      what: sentenceOf('advice.change', reason, numbers),
      verdict: String(reason.params.verdict)
    }))
  }
}

/** A reason as a sentence of the catalogue, its figures written by what their names say. */
export function sentenceOf(
  group: string,
  { code, params }: Pick<Reason, 'code' | 'params'>,
  numbers: NumberTexts
): Sentence {
  const written = Object.entries(params).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : namedText(name, value, numbers)
  ])
  const { ratePerSecond } = params
  const gap = typeof ratePerSecond === 'number' ? { gap: numbers.duration(1000 / ratePerSecond) } : {}
  return sentence(`${group}.${code}`, { ...Object.fromEntries(written), ...gap })
}
