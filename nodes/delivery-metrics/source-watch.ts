/** Sources remembered as having been here. */
const REMEMBERED = 1000

/**
 * Tells whether a source's node is gone from this runtime.
 * @param isHere - whether a node with this id runs now
 * @returns true when it was here and is not any more; null when it never was
 */
export function sourceWatch(isHere: (id: string) => boolean): (id: string) => boolean | null {
  const seen = new Set<string>()
  return id => {
    if (isHere(id)) {
      if (seen.size < REMEMBERED) seen.add(id)
      return false
    }
    return seen.has(id) ? true : null
  }
}
