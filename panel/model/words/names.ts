/** Characters of a name that a sentence shows. */
const LONGEST = 48
/** Unicode's isolates: a name in another direction does not turn the sentence around it. */
const [ISOLATE, POP] = ['\u2068', '\u2069']

/** A name as it stands in a sentence: not too long, and in its own direction. */
export function nameText(name: string): string {
  const characters = [...name]
  const short = characters.length > LONGEST ? `${characters.slice(0, LONGEST - 1).join('')}…` : name
  return `${ISOLATE}${short}${POP}`
}
