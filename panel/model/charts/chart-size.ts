/** How large a chart is drawn, and how much fits into it. */
export interface ChartSize {
  /** CSS pixels, with the axes. */
  readonly width: number
  readonly height: number
  readonly fontPx: number
  readonly linePx: number
  /** Columns that a line may use: one cannot be seen finer than it is thick. */
  readonly columns: number
  /** Numbers on each axis. */
  readonly ticks: { readonly x: number; readonly y: number }
}

/** @param expanded - for a projector: larger words and thicker lines */
export function chartSize(width: number, expanded: boolean): ChartSize {
  const fontPx = expanded ? 15 : 11
  const height = Math.round(
    expanded ? Math.min(420, Math.max(220, width * 0.42)) : Math.min(220, Math.max(130, width * 0.5))
  )
  const linePx = expanded ? 3 : 2
  const plot = Math.max(50, width - fontPx * 5)
  return {
    width,
    height,
    fontPx,
    linePx,
    columns: Math.round(plot / linePx),
    ticks: {
      x: Math.max(2, Math.floor(plot / (fontPx * 5))),
      y: Math.max(3, Math.floor((height - fontPx * 3) / (fontPx * (expanded ? 2.6 : 2))))
    }
  }
}
