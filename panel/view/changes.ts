/** Tells whether any of its parts is another one than at the last call, so that nothing is drawn for nothing. */
export function changes(): (...parts: readonly unknown[]) => boolean {
  let last: readonly unknown[] | null = null
  return (...parts) => {
    const same = last?.length === parts.length && parts.every((part, place) => Object.is(part, last?.[place]))
    last = parts
    return !same
  }
}

/** What of the lanes decides how they look. */
export const looks = (
  lanes: readonly { readonly key: string; readonly colour: string; readonly report: { name: string } }[]
): string => JSON.stringify(lanes.map(({ key, colour, report }) => [key, colour, report.name]))
