import type { Curves, LaneCurves } from '../curves.js'
import { LANES_ON_LIGHT } from '../lane-colours.js'
import type { LaneReport, Report } from '../report.js'
import { html, type Markup } from './markup.js'

/** A lane as a page names it: by its number, in a colour. */
export interface PageLane {
  readonly number: number
  /** Class of its colour. */
  readonly colour: string
  readonly report: LaneReport
  readonly curves: LaneCurves | null
  /** Real ms per measured ms: more than 1 while recorded traffic is replayed faster. */
  readonly speed: number
}

/** Push above pull, as the panel has them, numbered from 1. */
export function pageLanes({ lanes, streams }: Report, curves: Curves): readonly PageLane[] {
  const pushFirst = [...lanes].sort((a, b) => Number(a.model === 'pull') - Number(b.model === 'pull'))
  return pushFirst.map((report, place) => ({
    number: place + 1,
    colour: `lane${place % LANES_ON_LIGHT.length}`,
    report,
    curves: curves.lanes.find(other => sameLane(report, other)) ?? null,
    speed: streams.find(({ stream }) => stream === report.stream)?.speed ?? 1
  }))
}

/** The number of a lane in a circle of its colour. */
export const badge = ({ number, colour }: PageLane): Markup =>
  html`<span class="badge ${colour}">${number}</span>`

/** The same in a picture. */
export const pictureBadge = ({ number, colour }: PageLane, x: number, y: number): Markup =>
  html`<g class="${colour}"><circle class="dot" cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="9"/><text class="number" x="${x.toFixed(1)}" y="${(y + 4).toFixed(1)}">${number}</text></g>`

/** Columns that fit on a sheet of paper. */
const COLUMNS = 6

/** The lanes in as many tables as they need, so that none is wider than paper. */
export const inTables = (
  lanes: readonly PageLane[],
  table: (lanes: readonly PageLane[]) => Markup
): readonly Markup[] =>
  Array.from({ length: Math.ceil(lanes.length / COLUMNS) }, (_, place) =>
    table(lanes.slice(place * COLUMNS, (place + 1) * COLUMNS))
  )

type Identity = Pick<LaneReport, 'source' | 'model' | 'stream'>

const sameLane = (one: Identity, other: Identity): boolean =>
  one.source === other.source && one.model === other.model && one.stream === other.stream
