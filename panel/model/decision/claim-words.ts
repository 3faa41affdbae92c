import { CLAIM_EXAMPLES } from '../../../lib/metrics/claim-examples.js'
import type { Claim } from '../../../lib/metrics/report.js'
import type { NumberTexts } from '../../../lib/number-texts.js'
import type { Sentence } from '../words/sentence.js'
import { sentenceOf } from './advice-words.js'

/** The figures behind a claim in words; what holds and what does not rest on the same ones. */
export const claimReason = ({ reason }: Claim, numbers: NumberTexts): Sentence =>
  sentenceOf('claims.reason', { ...reason, code: reason.code.replace('_NOT', '') }, numbers)

/** The number with which the name of the example begins that tests it; null when none does. */
export function exampleOf({ id }: Pick<Claim, 'id'>): string | null {
  const examples: Readonly<Record<string, string | null>> = CLAIM_EXAMPLES
  return examples[id]?.slice(0, 2) ?? null
}
