import type { Flag, LaneReport } from '../../../lib/metrics/report.js'
import type { NumberTexts } from '../../../lib/number-texts.js'
import type { EpochMs, Ms } from '../../../lib/units.js'
import { whyUnknown } from '../why-unknown.js'
import { ageAt, type Held } from './age-held.js'
import { type AgeLines, ageLines } from './age-lines.js'
import { ageRange, wantsLog } from './age-scale.js'
import type { ChartOverlay, ChartPicture, PicturedLane, ReadoutRow } from './chart-picture.js'
import { linearTicks, logTicks } from './duration-ticks.js'
import { THEORY_DASH } from './theory.js'

export type AgeLane = PicturedLane<
  Pick<LaneReport, 'name' | 'ageMs' | 'flags' | 'updates'> & Partial<Pick<LaneReport, 'theory'>>
> & {
  readonly held: Held
}

export interface AgeOptions {
  readonly edge: EpochMs
  readonly spanMs: Ms
  readonly targets: readonly Ms[]
  /** Null: what suits the lanes. */
  readonly log: boolean | null
  /** What the axis was before. */
  readonly wasLog: boolean
  readonly columns: number
  readonly ticks: { readonly x: number; readonly y: number }
  readonly numbers: Pick<NumberTexts, 'duration' | 'count'>
  /** Texts of the target line and of the right edge. */
  readonly texts: { readonly target: (duration: string) => string; readonly now: string }
}

/** The sawtooth of each lane, their means and the target. */
export function agePicture(lanes: readonly AgeLane[], options: AgeOptions): ChartPicture {
  const { edge, spanMs, targets, columns, ticks, numbers, texts } = options
  const draw = (curved: boolean): AgeLines =>
    ageLines(
      lanes.map(({ held }) => held),
      { from: edge - spanMs, to: edge, columns, curved }
    )
  const straight = draw(false)
  const log = options.log ?? wantsLog(straight, options.wasLog)
  const lines = log ? draw(true) : straight
  const [min, max] = ageRange(lines, { targets, log, most: ticks.y })
  const across = (age: Ms, overlay: Pick<ChartOverlay, 'colour' | 'dash' | 'label'>): ChartOverlay => ({
    ...overlay,
    points: [
      [-spanMs, age],
      [0, age]
    ]
  })
  const shown = (age: Ms): boolean => age >= min && age <= max
  const means = lanes.flatMap(({ report, colour }) =>
    report.ageMs.mean !== null && shown(report.ageMs.mean)
      ? [across(report.ageMs.mean, { colour, dash: [1, 4], label: null })]
      : []
  )
  const theories = lanes.flatMap(({ report, colour }) => {
    const predicted = report.theory?.ageMeanMs ?? null
    return predicted !== null && shown(predicted)
      ? [across(predicted, { colour, dash: THEORY_DASH, label: null })]
      : []
  })
  const targetLines = targets
    .filter(shown)
    .map(target =>
      across(target, { colour: null, dash: [6, 4], label: texts.target(numbers.duration(target)) })
    )
  return {
    x: {
      min: -spanMs,
      max: 0,
      log: false,
      ticks: linearTicks(-spanMs, 0, ticks.x).map(at => ({
        at,
        text: at === 0 ? texts.now : `−${numbers.duration(-at)}`
      }))
    },
    y: {
      min,
      max,
      log,
      ticks: (log ? logTicks : linearTicks)(min, max, ticks.y).map(at => ({
        at,
        text: at === 0 ? numbers.count(0) : numbers.duration(at)
      }))
    },
    at: lines.at,
    lines: lanes.map(({ colour, dash }, lane) => ({
      colour,
      // a pattern of strokes up and down cannot be seen, and costs more than all the rest
      dash: lines.dense ? [] : dash,
      // what is not above 0 stands at the bottom of a logarithmic axis
      values: log
        ? (lines.ages[lane] ?? []).map(age => (age == null ? age : Math.max(age, min)))
        : (lines.ages[lane] ?? [])
    })),
    overlays: [...theories, ...means, ...targetLines],
    marks: []
  }
}

export interface AgeRowTexts {
  /** Above the age at the cursor, or at the right edge. */
  readonly at: string
  readonly mean: string
  readonly theory?: string
  readonly unknown: string
  /** Why nothing is known, in the words of a flag, or that nothing came yet. */
  readonly notKnown: (why: Flag | null) => string
}

/** Age of each lane at an instant, and its mean. */
export function ageRows(
  lanes: readonly AgeLane[],
  at: EpochMs,
  numbers: Pick<NumberTexts, 'duration'>,
  texts: AgeRowTexts
): readonly ReadoutRow[] {
  return lanes.map(({ key, report, colour, dash, held }) => {
    const age = ageAt(held, at)
    const { mean } = report.ageMs
    const predicted = report.theory?.ageMeanMs ?? null
    const row = { key, name: report.name, colour, dash }
    const duration = (value: Ms | null): string => (value === null ? texts.unknown : numbers.duration(value))
    const nothing = age === null && mean === null && held.generated.every(Number.isNaN)
    if (nothing) return { ...row, figures: [], note: texts.notKnown(whyUnknown(report, 'ageMs')) }
    return {
      ...row,
      figures: [
        { label: texts.at, value: duration(age) },
        { label: texts.mean, value: duration(mean) },
        ...(predicted === null || texts.theory === undefined
          ? []
          : [{ label: texts.theory, value: duration(predicted) }])
      ],
      note: null
    }
  })
}
