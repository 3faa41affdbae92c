import type { LaneReport, Report } from '../../../lib/metrics/report.js'
import { type Comparison, compare } from './comparison.js'
import {
  EARLIEST_FOR_MEAN,
  ENOUGH_FOR_MEAN,
  ENOUGH_FOR_P99,
  meanDigits,
  PRECISE_MEAN,
  spoilerOf
} from './conclusive.js'
import { costsOf, type Naming, troublesOf } from './headline-clauses.js'
import { nameText } from './names.js'
import { pairingOf } from './pairing.js'
import { type Sentence, sentence, type Wording } from './sentence.js'

/** What the numbers say in words. */
export interface Headline {
  /** Each is one sentence of one or several clauses. */
  readonly sentences: readonly (readonly Sentence[])[]
  /** What will be known, and when; null when everything is. */
  readonly progress: Sentence | null
  /** Lanes do not compare: figures that begin anew together may. */
  readonly unequal: boolean
}

/** The headline where there is nothing to tell. */
export const NOTHING: Headline = { sentences: [], progress: null, unequal: false }

/** One to three short sentences made from the conclusive figures of the lanes that the reader left visible. */
export function headlineOf(report: Report, lanes: readonly LaneReport[], wording: Wording): Headline {
  const pairing = pairingOf(lanes)
  switch (pairing.kind) {
    case 'none':
      return NOTHING
    case 'one':
    case 'streams': {
      const { lane } = pairing
      const apart = pairing.kind === 'streams' ? [[sentence('headline.streams')]] : []
      return {
        sentences: [...apart, [...alone(lane, wording)], ...rest(report, [lane], () => 'lane', wording)],
        progress: progressOf(lane.latencyMs?.count ?? null, wording),
        unequal: false
      }
    }
    case 'models':
    case 'lanes': {
      // where there are others, hidden ones too, the model does not say which lane
      const named = pairing.kind === 'lanes' || report.lanes.length > 2
      const pair = pairing.kind === 'models' ? [pairing.push, pairing.pull] : [pairing.soonest, pairing.last]
      const [a, b] = pair as [LaneReport, LaneReport]
      const naming: Naming = ({ model }) => (named ? 'lane' : model)
      const compared = compare(a, b)
      return {
        sentences: [...comparison(compared, naming, wording), ...rest(report, pair, naming, wording)],
        progress: progressOf('count' in compared ? compared.count : null, wording),
        unequal: compared.kind === 'unequal'
      }
    }
  }
}

function comparison(compared: Comparison, naming: Naming, wording: Wording): readonly Sentence[][] {
  switch (compared.kind) {
    case 'unknown':
      return []
    case 'unequal':
    case 'inconclusive':
      return [
        [
          sentence(`headline.${compared.kind}`, {
            name: nameText(compared.lane.name),
            reason: wording.reason(compared.why)
          })
        ]
      ]
    default: {
      const clause = difference(compared, naming, wording)
      return clause === null ? [] : [[clause]]
    }
  }
}

type Difference = Extract<Comparison, { readonly soon: LaneReport }>

/** `Push is 980 ms sooner`: to the digits that the number of updates is worth, and nothing from a handful of them. */
function difference(
  { kind, soon, late, byMs, count, equal }: Difference,
  naming: Naming,
  { numbers }: Wording
): Sentence | null {
  if (count < EARLIEST_FOR_MEAN) return null
  const early = count < ENOUGH_FOR_MEAN ? 'early' : 'sure'
  const who = naming(soon)
  const params = { name: nameText(soon.name), other: nameText(late.name), updates: numbers.count(count) }
  // beyond the first figures the number of updates behind them is no news
  const values = early === 'early' ? [count] : []
  if (equal) return sentence(`headline.equal.${early}.${who === 'lane' ? 'lanes' : 'models'}`, params, values)
  const rounded = Number(byMs.toPrecision(meanDigits(count)))
  return sentence(
    `headline.${kind === 'latency' ? 'sooner' : 'first'}.${early}.${who}`,
    { ...params, time: numbers.duration(rounded) },
    [...values, rounded]
  )
}

/** A lane that has nothing to be compared with. */
function alone(lane: LaneReport, { numbers, plural }: Wording): readonly Sentence[] {
  const { delivered } = lane.updates
  const got = sentence(
    `headline.alone.${plural(delivered)}`,
    { name: nameText(lane.name), updates: numbers.count(delivered) },
    [delivered]
  )
  const { latencyMs } = lane
  if (latencyMs === null || latencyMs.count < ENOUGH_FOR_MEAN) return [got]
  if (spoilerOf(lane, 'latencyMs.mean') !== null) return [got]
  const mean = Number(latencyMs.mean.toPrecision(meanDigits(latencyMs.count)))
  return [got, sentence('headline.latency', { time: numbers.duration(mean) }, [mean])]
}

/** What it cost, what went wrong, and how fast it was replayed. */
function rest(
  { streams }: Report,
  pair: readonly LaneReport[],
  naming: Naming,
  wording: Wording
): readonly (readonly Sentence[])[] {
  const pull = pair.find(({ model }) => model === 'pull')
  const speed = streams.find(({ stream }) => stream === pair[0]?.stream)?.speed ?? 1
  const replayed =
    speed === 1 ? [] : [sentence('headline.replay', { speed: wording.numbers.ratio(speed) }, [speed])]
  return [
    pull === undefined ? [] : costsOf(pull, naming(pull), wording),
    troublesOf(pair, naming, wording),
    replayed
  ].filter(clauses => clauses.length > 0)
}

/** What is not conclusive yet, as progress. */
function progressOf(count: number | null, { numbers }: Wording): Sentence | null {
  if (count === null) return null
  const steps = [
    ['mean', ENOUGH_FOR_MEAN],
    ['p99', ENOUGH_FOR_P99],
    ['precise', PRECISE_MEAN]
  ] as const
  const next = steps.find(([, needed]) => count < needed)
  if (next === undefined) return null
  const [name, needed] = next
  return sentence(
    `headline.progress.${name}`,
    { needed: numbers.count(needed), updates: numbers.count(count) },
    [count]
  )
}
