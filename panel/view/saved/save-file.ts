/** Gives the browser a file to save. */
export function saveFile(name: string, body: string, type: string): void {
  const url = URL.createObjectURL(new Blob([body], { type: `${type};charset=utf-8` }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // it is read by then; at once would be too early for some browsers
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

/** A name that every system takes: `push-vs-pull-my-run-2026-01-31-1200.json`. */
export function fileName(name: string, at: Date, end: string): string {
  const safe = name
    .normalize('NFKD')
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 40)
  const two = (value: number): string => String(value).padStart(2, '0')
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  return `push-vs-pull-${safe === '' ? '' : `${safe}-`}${day}-${two(at.getHours())}${two(at.getMinutes())}${end}`
}
