import { bytesText, numberText, preciseDurationText, shareText } from '../quantities.js'
import type { DecisionSettings, Reason, Verdict } from './decision.js'
import { hasTraffic, rateOf, type Situation } from './situation.js'
import { type Judgement, judge } from './verdict.js'

/** How far away a change is looked for, and in what steps: factors. */
const FARTHEST = 1000
const STEP = 1.5
const BISECTIONS = 9
const DIGITS = 3
/** A share of 1 leaves nothing to multiply. */
const LEAST_MISSING = 1e-4

/** One thing that may be other than it is. */
interface Knob {
  /** When it is more, and when it is less. */
  readonly codes: readonly [more: string, less: string]
  /** Its name in params, and what is told there. */
  readonly param: string
  readonly told?: (value: number) => number
  /** Null where it is not set. */
  readonly now: number | null
  readonly whole?: boolean
  readonly at: (value: number) => Situation
  readonly words: (value: number, more: boolean) => string
}

interface Change {
  readonly reason: Reason
  readonly factor: number
}

const phrases: Readonly<Record<Verdict, string>> = {
  push: 'push would be advised',
  pull: 'polling would be advised',
  either: 'either would do',
  'not-conclusive': 'neither would do'
}

/**
 * What would turn the verdict, the nearest change first: found by deciding anew with one thing changed, at most
 * 1000 times more or less. Empty while something is not measured. Codes, each with the params `verdict` (what
 * holds then), `factor` (how many times more or less than now; of a share: of what may be late), and:
 *
 * `TARGET_LONGER`, `TARGET_SHORTER` targetMs · `SHARE_HIGHER`, `SHARE_LOWER` targetShare ·
 * `RATE_HIGHER`, `RATE_LOWER` ratePerSecond · `CLIENTS_MORE`, `CLIENTS_FEWER` clients ·
 * `REQUESTS_BUDGET_HIGHER`, `REQUESTS_BUDGET_LOWER` maxRequestsPerSecond ·
 * `BYTES_BUDGET_HIGHER`, `BYTES_BUDGET_LOWER` maxBytesPerDay
 */
export function wouldChange(situation: Situation, { verdict, doubts }: Judgement): Reason[] {
  if (doubts.length > 0 || !hasTraffic(situation)) return []
  return knobsOf(situation)
    .flatMap(knob => [nearest(knob, true, verdict), nearest(knob, false, verdict)])
    .filter(change => change !== null)
    .sort((one, other) => one.factor - other.factor)
    .map(({ reason }) => reason)
}

function nearest(knob: Knob, more: boolean, verdict: Verdict): Change | null {
  const { now } = knob
  if (now === null || now <= 0) return null
  const otherAt = (value: number): Verdict | null => {
    const judged = judge(knob.at(value))
    return judged.doubts.length > 0 || judged.verdict === verdict ? null : judged.verdict
  }
  let same = now
  for (let factor = STEP; factor <= FARTHEST; factor *= STEP) {
    const value = more ? now * factor : now / factor
    if (otherAt(value) === null) same = value
    else {
      const told = outward(boundary(same, value, otherAt), more, knob.whole === true)
      const then = otherAt(told)
      return then === null
        ? null
        : { reason: sentence(knob, told, more, then), factor: more ? told / now : now / told }
    }
  }
  return null
}

/** The first value found, from `same` to `other`, at which another verdict holds. */
function boundary(same: number, other: number, otherAt: (value: number) => Verdict | null): number {
  let [from, to] = [same, other]
  for (let step = 0; step < BISECTIONS; step += 1) {
    const between = Math.sqrt(from * to)
    if (otherAt(between) === null) from = between
    else to = between
  }
  return to
}

/** A value for people, on the far side of the boundary. */
function outward(value: number, more: boolean, whole: boolean): number {
  const unit = whole ? 1 : 10 ** (Math.floor(Math.log10(value)) - DIGITS + 1)
  const steps = more ? Math.ceil(value / unit) : Math.floor(value / unit)
  return whole ? Math.max(1, steps) : Number((steps * unit).toPrecision(DIGITS))
}

function sentence(knob: Knob, value: number, more: boolean, verdict: Verdict): Reason {
  const [higher, lower] = knob.codes
  const factor = more ? value / (knob.now ?? 1) : (knob.now ?? 1) / value
  return {
    code: more ? higher : lower,
    params: { verdict, factor, [knob.param]: knob.told?.(value) ?? value },
    message: `With ${knob.words(value, more)}, ${phrases[verdict]}.`
  }
}

function knobsOf(situation: Situation): Knob[] {
  const { settings } = situation
  const { target } = settings
  const having = (changed: Partial<DecisionSettings>): Situation => ({
    ...situation,
    settings: { ...settings, ...changed }
  })
  const rate = rateOf(situation)
  return [
    {
      codes: ['TARGET_LONGER', 'TARGET_SHORTER'],
      param: 'targetMs',
      now: target.ms,
      at: ms => having({ target: { ...target, ms } }),
      words: (ms, more) => `a target of ${preciseDurationText(ms)} or ${more ? 'longer' : 'shorter'}`
    },
    {
      // the share that may be late is what changes by factors
      codes: ['SHARE_LOWER', 'SHARE_HIGHER'],
      param: 'targetShare',
      told: shareInTime,
      now: Math.max(LEAST_MISSING, 1 - target.share),
      at: late => having({ target: { ...target, share: shareInTime(late) } }),
      words: (late, more) => `a share of ${shareText(shareInTime(late))} or ${more ? 'less' : 'more'} in time`
    },
    {
      codes: ['RATE_HIGHER', 'RATE_LOWER'],
      param: 'ratePerSecond',
      now: rate,
      at: wanted => ({ ...situation, stretch: (situation.stretch * rate) / wanted }),
      words: (wanted, more) =>
        `an update every ${preciseDurationText(1000 / wanted)} or ${more ? 'more often' : 'more rarely'}`
    },
    {
      codes: ['CLIENTS_MORE', 'CLIENTS_FEWER'],
      param: 'clients',
      now: settings.clients,
      whole: true,
      at: clients => having({ clients }),
      words: (clients, more) => `${numberText(clients)} clients or ${more ? 'more' : 'fewer'}`
    },
    {
      codes: ['REQUESTS_BUDGET_HIGHER', 'REQUESTS_BUDGET_LOWER'],
      param: 'maxRequestsPerSecond',
      now: settings.maxRequestsPerSecond,
      at: maxRequestsPerSecond => having({ maxRequestsPerSecond }),
      words: (requests, more) =>
        `a budget of ${numberText(requests)} requests per second or ${more ? 'more' : 'less'}`
    },
    {
      codes: ['BYTES_BUDGET_HIGHER', 'BYTES_BUDGET_LOWER'],
      param: 'maxBytesPerDay',
      now: settings.maxBytesPerDay,
      at: maxBytesPerDay => having({ maxBytesPerDay }),
      words: (bytes, more) => `a budget of ${bytesText(bytes)} a day or ${more ? 'more' : 'less'}`
    }
  ]
}

const shareInTime = (late: number): number => Math.max(0, 1 - late)
