import type { NumberTexts } from '../../number-texts.js'
import type { ClaimId } from '../claim-examples.js'
import { unitOfName, valueText } from '../figure-texts.js'
import type { Claim } from '../report.js'
import { html, type Markup } from './markup.js'

/** The classic comparison, sentence by sentence. */
const SENTENCES: Readonly<Record<ClaimId, string>> = {
  'push-lower-latency': 'Push is real-time: its latency is lower.',
  'push-less-client-overhead': 'Push costs the client less.',
  'push-higher-server-load': 'Push loads the server more.',
  'push-more-complex': 'Push is more complex: connections break and have to come back.',
  'push-many-connections': 'Push does not scale: it needs many connections at once.',
  'pull-client-control': 'Pull is simple: the client decides when it asks.',
  'pull-scales': 'Pull scales: no connection stays open.',
  'pull-higher-latency': 'Pull is later.',
  'pull-wasteful': 'Pull asks in vain: much of its effort brings nothing.',
  'it-depends': 'It depends on the requirements.'
}
const VERDICTS: Readonly<Record<Claim['verdict'], string>> = {
  holds: 'holds here',
  'does-not-hold': 'does not hold here',
  'not-tested': 'not tested yet'
}

/** The sentences of the classic comparison, each tested by this very run; on a page of its own when printed. */
export function claimsPage(claims: readonly Claim[], numbers: NumberTexts): Markup | null {
  if (claims.length === 0) return null
  return html`<section class="claims"><h2>What people say of push and pull, tested by this run</h2>
<div class="wide"><table><thead><tr><th scope="col">Sentence</th><th scope="col">Here</th><th scope="col">Why</th><th scope="col">Figures</th></tr></thead><tbody>
${claims.map(
  ({ id, verdict, figures, reason }) =>
    html`<tr class="${verdict}"><th scope="row">${(SENTENCES as Readonly<Record<string, string>>)[id] ?? id}</th><td>${VERDICTS[verdict]}</td><td>${reason.message}</td><td>${Object.entries(figures).flatMap(([name, value]) => (value === null ? [] : html`<div>${figureText(name, value, numbers)}</div>`))}</td></tr>
`
)}</tbody></table></div></section>`
}

/** `pushMs` is a duration of push. */
function figureText(name: string, value: number | string, numbers: NumberTexts): string {
  const what = name.replace(/(Ms|Micros|Bytes|Share)$/, '')
  const words = what.replaceAll(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)
  const text = typeof value === 'string' ? value : valueText(unitOfName(name) ?? 'ratio', value, numbers)
  return `${words}: ${text}`
}
