import { namedText } from '../../../lib/metrics/figure-texts.js'
import type { Flag } from '../../../lib/metrics/report.js'
import type { NumberTexts } from '../../../lib/number-texts.js'
import type { SentenceParams } from '../../../lib/theory/decision.js'
import { nameText } from './names.js'

/** What is needed to say something in the reader's language. */
export interface Language {
  /** Text of a key of the catalogue; the key itself when it has none. */
  readonly text: (key: string, params?: SentenceParams) => string
  readonly numbers: NumberTexts
}

/** A flag in words. */
export interface FlagTexts {
  readonly message: string
  readonly remedy: string
}

/** Says a flag in the reader's language; one that this panel does not know as the report says it, in English. */
export function flagTexts(flag: Flag, { text, numbers }: Language): FlagTexts {
  const { code, params } = flag
  // a report that an earlier version saved
  if (params === undefined) return flag
  const kind = typeof params.case === 'string' ? `${code}.${params.case}` : code
  const written = Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      typeof value === 'string' ? nameText(value) : namedText(name, value, numbers)
    ])
  )
  const say = (part: 'message' | 'remedy'): string => {
    const key = `flag.${kind}.${part}`
    const said = text(`flag.${kind}.${part}`, written)
    return said.endsWith(key) ? flag[part] : said
  }
  return { message: say('message'), remedy: say('remedy') }
}

/** What a tooltip says of a flag. */
export function flagTitle(flag: Flag, language: Language): string {
  const { message, remedy } = flagTexts(flag, language)
  return `${message} ${remedy}`
}
