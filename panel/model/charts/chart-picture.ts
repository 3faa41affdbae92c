/** What a chart draws: numbers and colours, no pixels but the widths of lines. */
export interface ChartPicture {
  readonly x: ChartAxis
  readonly y: ChartAxis
  /** Places on x of the values of all lines, ascending. */
  readonly at: readonly number[]
  readonly lines: readonly ChartLine[]
  /** Drawn over the lines, with places of their own: targets, means, what theory predicts. */
  readonly overlays: readonly ChartOverlay[]
  /** Shaded parts of the picture. */
  readonly regions?: readonly ChartRegion[]
  readonly marks: readonly ChartMark[]
}

export interface ChartAxis {
  readonly min: number
  readonly max: number
  readonly log: boolean
  /** Its least value lies above. */
  readonly reversed?: boolean
  readonly ticks: readonly { readonly at: number; readonly text: string }[]
}

export interface ChartLine {
  readonly colour: string
  readonly dash: readonly number[]
  /** Null interrupts the line, undefined is no point of it. */
  readonly values: readonly (number | null | undefined)[]
}

export interface ChartOverlay {
  /** Null: the colour of text. */
  readonly colour: string | null
  readonly dash: readonly number[]
  readonly points: readonly (readonly [x: number, y: number])[]
  /** Stands at the last point. */
  readonly label: string | null
}

/** From one value to another of each axis; null: all of it. */
export interface ChartRegion {
  readonly x: readonly [from: number, to: number] | null
  readonly y: readonly [from: number, to: number] | null
  readonly colour: string
}

export interface ChartMark {
  readonly x: number
  readonly y: number
  readonly colour: string
  readonly shape: 'disc' | 'diamond' | 'square' | 'ring'
}

/** A lane as charts and their readouts name it. */
export interface PicturedLane<Report> {
  readonly key: string
  readonly report: Report
  readonly colour: string
  readonly dash: readonly number[]
}

/** What stands below a chart for one lane. */
export interface ReadoutRow {
  readonly key: string
  readonly name: string
  readonly colour: string
  readonly dash: readonly number[]
  readonly figures: readonly { readonly label: string; readonly value: string }[]
  /** Why figures are missing, or may not be trusted yet. */
  readonly note: string | null
}

/** The value at a share of an axis, 0 at its beginning, 1 at its end. */
export function valueAt({ min, max, log }: Pick<ChartAxis, 'min' | 'max' | 'log'>, share: number): number {
  return log ? min * (max / min) ** share : min + (max - min) * share
}

/** The share of an axis at which a value lies: the inverse of `valueAt`. */
export function shareAt({ min, max, log }: Pick<ChartAxis, 'min' | 'max' | 'log'>, value: number): number {
  return log ? Math.log(value / min) / Math.log(max / min) : (value - min) / (max - min)
}
