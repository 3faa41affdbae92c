import { readFileSync } from 'node:fs'

/** How many files this process may have open; `Infinity` where the platform does not tell. */
export function descriptorLimit(): number {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
    return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft)
  } catch {
    // no such file outside Linux: the operating system refuses by itself
    return Number.POSITIVE_INFINITY
  }
}
