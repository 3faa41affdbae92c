import type { LaneReport } from '../../../lib/metrics/report.js'
import type { Ms, Share } from '../../../lib/units.js'

/** Who has updates sooner on average. */
export type Winner = 'push' | 'pull' | 'equal'

/** What somebody expects before the figures are shown. */
export interface Guess {
  readonly latencyMs: Ms
  readonly emptyShare: Share
  readonly winner: Winner
}

/** One figure three times; null where it is not known. */
export interface Compared {
  readonly key: 'latency' | 'empty'
  readonly unit: 'ms' | 'share'
  readonly guess: number
  readonly theory: number | null
  readonly measured: number | null
  /** Where on a common line each lies, 0 at its left end and 1 at its right. */
  readonly places: Readonly<Record<'guess' | 'theory' | 'measured', number | null>>
}

/** The lane that a class guesses at: the first that polls by interval, else the first that pulls; null without one. */
export function guessedLane(lanes: readonly LaneReport[]): LaneReport | null {
  const pulls = lanes.filter(({ model }) => model === 'pull')
  return pulls.find(({ trigger }) => trigger === 'interval') ?? pulls[0] ?? null
}

/** @returns null unless all that was typed is a number that can be */
export function readGuess(latencySeconds: string, emptyPercent: string, winner: string): Guess | null {
  const read = (text: string) => (text.trim() === '' ? Number.NaN : Number(text.trim().replace(',', '.')))
  const latencyMs = read(latencySeconds) * 1000
  const emptyShare = read(emptyPercent) / 100
  const good = latencyMs >= 0 && Number.isFinite(latencyMs) && emptyShare >= 0 && emptyShare <= 1
  return good && isWinner(winner) ? { latencyMs, emptyShare, winner } : null
}

const isWinner = (text: string): text is Winner => text === 'push' || text === 'pull' || text === 'equal'

/** Guess, theory and measurement of one lane, on lines that begin at 0: a share ends at 1, a time where its greatest lies. */
export function compareGuess({ latencyMs, emptyShare }: Guess, lane: LaneReport): readonly Compared[] {
  const { theory, exchanges } = lane
  return [
    compared('latency', 'ms', latencyMs, theory?.latencyMeanMs ?? null, lane.latencyMs?.mean ?? null),
    compared('empty', 'share', emptyShare, theory?.emptyShare ?? null, exchanges.emptyShare)
  ]
}

function compared(
  key: Compared['key'],
  unit: Compared['unit'],
  guess: number,
  theory: number | null,
  measured: number | null
): Compared {
  const end = unit === 'share' ? 1 : Math.max(guess, theory ?? 0, measured ?? 0, Number.MIN_VALUE)
  const place = (value: number | null) => (value === null ? null : Math.max(0, value / end))
  return {
    key,
    unit,
    guess,
    theory,
    measured,
    places: { guess: place(guess), theory: place(theory), measured: place(measured) }
  }
}

/** Two means closer than this are equal: 5 % of the greater one. */
const EQUAL = 0.05

/** Who is sooner, by the mean latency of every update; null before both are known. */
export function winnerOf(lanes: readonly LaneReport[]): Winner | null {
  const push = lanes.find(({ model }) => model === 'push')?.latencyMs?.mean
  const pull = guessedLane(lanes)?.latencyMs?.mean
  if (push === undefined || pull === undefined) return null
  if (Math.abs(push - pull) <= EQUAL * Math.max(Math.abs(push), Math.abs(pull))) return 'equal'
  return push < pull ? 'push' : 'pull'
}
