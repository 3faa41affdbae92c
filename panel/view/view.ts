import type { Curves } from '../../lib/metrics/curves.js'
import type { LaneReport, Report } from '../../lib/metrics/report.js'
import type { NumberTexts } from '../../lib/number-texts.js'
import type { EpochMs, Ms } from '../../lib/units.js'
import type { Editor } from '../editor/editor.js'
import type { SavedRun } from '../model/saved/saved-run.js'
import type { Tracks } from '../model/tracks.js'

/** Text of a key of the panel's catalogue; `__name__` in it becomes `params.name`. Plain text, never HTML. */
export type Text = (key: string, params?: Readonly<Record<string, string | number>>) => string

/** A lane as the pictures show it. */
export interface ShownLane {
  /** `laneKey` of it: the name of its track. */
  readonly key: string
  readonly report: LaneReport
  /** Its colour in the theme of now, for canvas and CSS. */
  readonly colour: string
  /** Its line pattern, as in `setLineDash`: colour is never the only sign. */
  readonly dash: readonly number[]
}

/** What there is to see; the same for every view. */
export interface Shown {
  /** Lanes that the reader left switched on, in the report's order. */
  readonly lanes: readonly ShownLane[]
  /** Every lane, hidden ones too. */
  readonly allLanes: readonly ShownLane[]
  /** Null until the first answer. */
  readonly report: Report | null
  readonly curves: Curves | null
  /** An earlier run that stands beside this one. */
  readonly before: SavedRun | null
  /** Recent deliveries and polls of every lane. */
  readonly tracks: Tracks
  /** Instant at the right edge of pictures over time, by the server's clock; stands still while frozen. */
  readonly edge: EpochMs
  /** Length of the time that pictures over time show: 10 s to 120 s. */
  readonly spanMs: Ms
  readonly frozen: boolean
  /** In the whole window, and not in the sidebar. */
  readonly expanded: boolean
}

/** What views may ask for. */
export interface ViewContext {
  readonly text: Text
  readonly numbers: NumberTexts
  /** Colours of the theme of now; asked at every drawing. */
  readonly theme: () => Theme
  /** The reader asked for less movement. */
  readonly still: () => boolean
  readonly editor: Editor
  /** Out of the whole window, so that the workspace is seen. */
  readonly shrink: () => void
  /** Shows a node in the workspace. */
  readonly reveal: (id: string) => void
}

export interface Theme {
  readonly dark: boolean
  readonly background: string
  readonly text: string
  /** For what is secondary: axes, means. */
  readonly quiet: string
  readonly grid: string
  readonly error: string
}

/** One picture or table of the panel. */
export interface View {
  readonly element: HTMLElement
  /** Draws. Called 2–4 times a second while the panel is visible and not frozen, and when size or theme change. */
  show(shown: Shown): void
  close(): void
}

export type OpenView = (context: ViewContext) => View
