/** Null and undefined are empty cells. */
export type Cell = string | number | null | undefined

/** Rows as CSV (RFC 4180), with no text that a spreadsheet takes for a formula. */
export function csvText(rows: readonly (readonly Cell[])[]): string {
  return rows.map(row => `${row.map(cellText).join(',')}\r\n`).join('')
}

function cellText(cell: Cell): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell === 'number') return String(cell)
  // a stream may be named by anybody: a spreadsheet must not take it for a formula
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
