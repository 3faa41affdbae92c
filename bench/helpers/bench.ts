/** One line of the table: what was measured, ours beside what a user would pick instead. */
export interface Row {
  /** What is compared, in a few words. */
  readonly what: string
  /** Our figure, in `unit`. */
  readonly ours: number
  /** The other side's figure, measured in the same run; null when the goal is absolute. */
  readonly theirs: number | null
  readonly unit: string
  /** ours ÷ theirs; null when the goal is absolute. */
  readonly ratio: number | null
  /** The goal in words: `ratio ≤ 0.2`, `≤ 4 s`; '' = none, it only tells. */
  readonly goal: string
  /** Whether the goal was met; true without one. */
  readonly ok: boolean
}

/** A module of `bench/`: its default export. It runs in a process of its own. */
export interface Bench {
  readonly name: string
  run(): Promise<readonly Row[]>
}

/** A bound that a figure is held against. */
export type Goal = { readonly atMost: number } | { readonly atLeast: number }

const meets = (value: number, goal: Goal): boolean =>
  'atMost' in goal ? value <= goal.atMost : value >= goal.atLeast
const words = (goal: Goal): string => ('atMost' in goal ? `≤ ${goal.atMost}` : `≥ ${goal.atLeast}`)

/** A row whose goal is a ratio of both sides. */
export function ratioRow(what: string, ours: number, theirs: number, unit: string, goal: Goal): Row {
  const ratio = ours / theirs
  return { what, ours, theirs, unit, ratio, goal: `ratio ${words(goal)}`, ok: meets(ratio, goal) }
}

/** A row whose goal is a figure of ours alone. */
export function absoluteRow(what: string, ours: number, unit: string, goal: Goal): Row {
  return {
    what,
    ours,
    theirs: null,
    unit,
    ratio: null,
    goal: `${words(goal)} ${unit}`,
    ok: meets(ours, goal)
  }
}

/** A row without a goal: what stands beside a figure that has one. */
export const factRow = (what: string, ours: number, theirs: number, unit: string): Row => ({
  what,
  ours,
  theirs,
  unit,
  ratio: ours / theirs,
  goal: '',
  ok: true
})

/** The median of at least three runs, the figure that every row shows. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/**
 * Both sides alternately (A B B A A B …), so that a drift of the machine hits both alike.
 * @param rounds - runs of each side, at least 3
 * @returns the median of each side
 */
export async function alternate(
  rounds: number,
  ours: () => Promise<number>,
  theirs: () => Promise<number>
): Promise<{ ours: number; theirs: number }> {
  const mine: number[] = []
  const other: number[] = []
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)
    for (const side of order) {
      if (side === 0) mine.push(await ours())
      else other.push(await theirs())
    }
  }
  return { ours: median(mine), theirs: median(other) }
}

/**
 * Any number of sides in turn, forwards and backwards (A B C C B A A …), for the same reason.
 * @param rounds - runs of each side, at least 3
 * @returns the median of each side
 */
export async function inTurn<Side extends string>(
  rounds: number,
  sides: readonly Side[],
  run: (side: Side) => Promise<number>
): Promise<Readonly<Record<Side, number>>> {
  const figures = Object.fromEntries(sides.map(side => [side, []])) as unknown as Record<Side, number[]>
  for (let round = 0; round < rounds; round++)
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) figures[side].push(await run(side))
  return Object.fromEntries(sides.map(side => [side, median(figures[side])])) as Record<Side, number>
}
