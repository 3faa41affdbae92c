import type { DecisionSettings } from '../../../lib/theory/decision.js'
import { logScale, type Scale, shareScale } from './scale.js'
import type { QuantityKind } from './typed.js'

/** A setting of the advice that a reader may turn; named as the property of the metrics node. */
export type KnobName =
  | 'targetMs'
  | 'targetShare'
  | 'plannedClients'
  | 'maxRequestsPerSecond'
  | 'maxBytesPerDay'

export interface Knob {
  readonly name: KnobName
  readonly kind: QuantityKind
  readonly scale: Scale
  /** What may be typed in, as the node's dialog takes it. */
  readonly bounds: readonly [min: number, max: number]
  /** Where it begins when it is switched on; null for what is always there. */
  readonly first: number | null
  of(settings: DecisionSettings): number | null
  with(settings: DecisionSettings, value: number | null): DecisionSettings
}

const DAY_MS = 86_400_000

/** The knobs in their order. */
export const knobs: readonly Knob[] = [
  {
    name: 'targetMs',
    kind: 'duration',
    scale: logScale(1, DAY_MS),
    bounds: [0, Number.POSITIVE_INFINITY],
    first: null,
    of: ({ target }) => target.ms,
    with: (settings, ms) => ({ ...settings, target: { ...settings.target, ms: ms ?? settings.target.ms } })
  },
  {
    name: 'targetShare',
    kind: 'share',
    scale: shareScale(0.5, 0.9999),
    bounds: [0, 1],
    first: null,
    of: ({ target }) => target.share,
    with: (settings, share) => ({
      ...settings,
      target: { ...settings.target, share: share ?? settings.target.share }
    })
  },
  {
    name: 'plannedClients',
    kind: 'count',
    scale: logScale(1, 1e6, true),
    bounds: [1, Number.POSITIVE_INFINITY],
    first: null,
    of: ({ clients }) => clients,
    with: (settings, clients) => ({ ...settings, clients: clients ?? settings.clients })
  },
  {
    name: 'maxRequestsPerSecond',
    kind: 'ratio',
    scale: logScale(0.01, 1e6),
    bounds: [0, Number.POSITIVE_INFINITY],
    first: 10,
    of: ({ maxRequestsPerSecond }) => maxRequestsPerSecond,
    with: (settings, maxRequestsPerSecond) => ({ ...settings, maxRequestsPerSecond })
  },
  {
    name: 'maxBytesPerDay',
    kind: 'bytes',
    scale: logScale(1e3, 1e13),
    bounds: [0, Number.POSITIVE_INFINITY],
    first: 1e8,
    of: ({ maxBytesPerDay }) => maxBytesPerDay,
    with: (settings, maxBytesPerDay) => ({ ...settings, maxBytesPerDay })
  }
]

/** Whether two settings are the same in every knob. */
export const sameSettings = (one: DecisionSettings, other: DecisionSettings): boolean =>
  knobs.every(knob => knob.of(one) === knob.of(other))

/** Settings as properties of the metrics node: text, empty for no budget. */
export const nodeProperties = (settings: DecisionSettings): Readonly<Record<KnobName, string>> =>
  Object.fromEntries(knobs.map(knob => [knob.name, String(knob.of(settings) ?? '')])) as Record<
    KnobName,
    string
  >
