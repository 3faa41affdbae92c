import type { Flag } from '../../../lib/metrics/report.js'
import type { NumberTexts } from '../../../lib/number-texts.js'

/** A sentence or clause of the catalogue: its key, and what is written into it. */
export interface Sentence {
  readonly key: string
  readonly params: Readonly<Record<string, string | number>>
  /** The numbers in it, for those who ask whether it says something new. */
  readonly values: readonly number[]
}

export const sentence = (
  key: string,
  params: Sentence['params'] = {},
  values: readonly number[] = []
): Sentence => ({ key, params, values })

/** The form of a sentence that goes with a count: `one` or `other`. */
export type PluralForm = (count: number) => 'one' | 'other'

/** How numbers are put into words. */
export interface Wording {
  readonly numbers: NumberTexts
  readonly plural: PluralForm
  /** What a flag says. */
  readonly reason: (flag: Flag) => string
}

/** @param language - a BCP 47 tag; one that the browser does not know means its own */
export function pluralForm(language: string): PluralForm {
  const rules = rulesOf(language)
  return count => (rules.select(count) === 'one' ? 'one' : 'other')
}

function rulesOf(language: string): Intl.PluralRules {
  try {
    return new Intl.PluralRules(language)
  } catch (error) {
    if (error instanceof RangeError) return new Intl.PluralRules()
    throw error
  }
}
