/** The five steps of a presentation, by the sections that they show. */
export const STEPS = ['timeline', 'age', 'latency', 'cost', 'table'] as const

/**
 * The step that a key leads to.
 * @param step - from 0
 * @returns null when the key does not lead anywhere
 */
export function stepAfter(step: number, key: string): number | null {
  const last = STEPS.length - 1
  const to: Readonly<Record<string, number>> = {
    ArrowRight: Math.min(last, step + 1),
    ArrowLeft: Math.max(0, step - 1),
    Home: 0,
    End: last
  }
  return to[key] ?? null
}
