import { CURVE_AT_MS, curveOf } from '../../../lib/metrics/curves.js'
import { figures } from '../../../lib/metrics/figures.js'
import { Histogram, type HistogramJson } from '../../../lib/stats/histogram.js'
import type { EpochMs, Share } from '../../../lib/units.js'
import type { Model } from '../../../lib/update/delivery.js'
import type { Cumulative } from '../charts/latency-curve.js'
import { laneKey } from '../lane-key.js'

/** A lane of an earlier run. */
export interface SavedLane {
  readonly key: string
  readonly name: string
  readonly model: Model
  /** Figures by their keys; what was not known is not in it. */
  readonly values: ReadonlyMap<string, number>
  /** Null when its file has no histogram. */
  readonly all: Cumulative | null
  readonly delivered: Cumulative | null
}

/** An earlier run, out of a report that was saved as JSON. */
export interface SavedRun {
  readonly name: string
  readonly endedAt: EpochMs
  readonly lanes: readonly SavedLane[]
}

/** Why a file is no earlier run: not JSON, some other JSON, of another version, without lanes, or with figures that are none. */
export type NotARun = 'json' | 'foreign' | 'version' | 'empty' | 'damaged'

const MOST_LANES = 100
const MOST_CHARACTERS = 500

class Damaged extends Error {}

/** Reads a saved report. Nothing of the file but checked numbers and short texts goes on. */
export function readSavedRun(text: string): SavedRun | NotARun {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return 'json'
    throw error
  }
  if (!isObject(parsed) || !Array.isArray(parsed.lanes) || !Array.isArray(parsed.streams)) return 'foreign'
  if (parsed.version !== 1) return 'version'
  if (parsed.lanes.length === 0) return 'empty'
  try {
    if (parsed.lanes.length > MOST_LANES) throw new Damaged()
    return {
      name: textOf(parsed.name) || textOf(parsed.id),
      endedAt: instantOf(parsed.now),
      lanes: parsed.lanes.map(savedLane)
    }
  } catch (error) {
    if (error instanceof Damaged) return 'damaged'
    throw error
  }
}

function savedLane(lane: unknown): SavedLane {
  if (!isObject(lane) || (lane.model !== 'push' && lane.model !== 'pull')) throw new Damaged()
  const model: Model = lane.model
  const identity = { source: textOf(lane.source), model, stream: textOf(lane.stream) }
  const values = new Map<string, number>()
  for (const { key } of figures) {
    const value = at(lane, key)
    if (value === null || value === undefined) continue
    if (typeof value !== 'number' || !Number.isFinite(value)) throw new Damaged()
    values.set(key, value)
  }
  return {
    key: laneKey(identity),
    name: textOf(lane.name),
    model,
    values,
    all: curveIn(lane.latencyMs),
    delivered: curveIn(lane.latencyDeliveredMs)
  }
}

function curveIn(distribution: unknown): Cumulative | null {
  const json = isObject(distribution) ? distribution.histogram : undefined
  if (json === undefined || json === null) return null
  if (!isObject(json) || !Array.isArray(json.buckets) || !json.buckets.every(Array.isArray))
    throw new Damaged()
  let shares: readonly Share[] | null
  try {
    shares = curveOf(Histogram.fromJSON(json as unknown as HistogramJson))
  } catch (error) {
    throw new Damaged('', { cause: error })
  }
  return shares === null ? null : { at: CURVE_AT_MS, shares }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new Damaged()
  return value.slice(0, MOST_CHARACTERS)
}

function instantOf(value: unknown): EpochMs {
  // what a Date can hold
  if (typeof value !== 'number' || !(Math.abs(value) <= 8.64e15)) throw new Damaged()
  return value
}

/** Own properties only: a path never leads to what every object has. */
const at = (lane: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : null), lane)
