import type { Flag, Report } from '../../../lib/metrics/report.js'

/** A flag, and whose it is: lanes, streams, or the metrics node itself. */
export interface Note {
  readonly names: readonly string[]
  readonly flag: Flag
}

/** Every flag of a report in words, each once, with the names of all that raise it. */
export function notesOf(
  { flags, streams, lanes }: Report,
  isShown: (name: string) => boolean
): readonly Note[] {
  const raised: readonly (readonly [string | null, Flag])[] = [
    ...flags.map(flag => [null, flag] as const),
    ...streams.flatMap(({ stream, flags }) => flags.map(flag => [stream, flag] as const)),
    ...lanes
      .filter(({ name }) => isShown(name))
      .flatMap(({ name, flags }) => flags.map(flag => [name, flag] as const))
  ]
  const notes = new Map<string, { names: string[]; flag: Flag }>()
  for (const [name, flag] of raised) {
    const key = JSON.stringify([flag.code, flag.message, flag.remedy])
    const note = notes.get(key) ?? { names: [], flag }
    if (name !== null && !note.names.includes(name)) note.names.push(name)
    notes.set(key, note)
  }
  // that figures are young is progress, and no complaint: last
  const isYoung = ({ flag }: Note): number => Number(flag.code === 'TOO_FEW')
  return [...notes.values()].sort((a, b) => isYoung(a) - isYoung(b))
}
