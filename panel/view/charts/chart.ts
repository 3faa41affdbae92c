import uPlot from 'uplot'
import { type ChartPicture, valueAt } from '../../model/charts/chart-picture.js'
import { type ChartSize, chartSize } from '../../model/charts/chart-size.js'
import { element } from '../elements.js'
import type { Theme } from '../view.js'
import { watchVisible } from '../visible.js'
import { openChartCursor } from './chart-cursor.js'
import { drawOver } from './chart-drawing.js'
import { type Drawn, uplotOptions } from './uplot-options.js'

/** A picture with two axes, drawn by uPlot. */
export interface Chart {
  readonly element: HTMLElement
  /** Null while it has no place, or nobody can see it: there is nothing to draw. */
  size(expanded: boolean): ChartSize | null
  show(picture: ChartPicture, size: ChartSize, theme: Theme): void
  /** Value on the x axis where the reader points; null while nobody does. */
  readonly cursor: number | null
  /** What stands at the cursor, for those who hear it. */
  tell(text: string): void
  /** The picture in words; changes at most every few seconds. */
  describe(text: string, atOnce: boolean): void
  close(): void
}

const DESCRIBE_MS = 5000

/**
 * @param cursorName - what moving the cursor is called
 * @param stale - called when the chart has another size or can be seen again
 * @param pointed - called when the reader points elsewhere
 */
export function openChart(
  cursorName: string,
  { stale, pointed }: { readonly stale: () => void; readonly pointed: () => void }
): Chart {
  const plot = element('div', { class: 'plot', role: 'img' })
  const cursor = openChartCursor(cursorName, pointed)
  const whole = element('div', { class: 'chart' }, plot, cursor.element)
  let width = 0
  let visible = false
  let chart: uPlot | null = null
  let drawn: Drawn | null = null
  let built = ''
  let describedAt = Number.NEGATIVE_INFINITY

  const observer = new ResizeObserver(entries => {
    const next = Math.floor(entries.at(-1)?.contentRect.width ?? 0)
    if (next === width) return
    width = next
    stale()
  })
  observer.observe(whole)
  const unwatch = watchVisible(whole, now => {
    visible = now
    if (visible) stale()
  })

  function build(next: Drawn, size: ChartSize): uPlot {
    const drawing = (): Drawn => drawn ?? next
    const family = getComputedStyle(whole).fontFamily
    chart?.destroy()
    return new uPlot(
      uplotOptions(drawing, size, family, made => {
        drawOver(made, drawing(), size.fontPx, size.linePx)
        const { left, top, width, height } = made.bbox
        const pixels = devicePixelRatio
        cursor.place(left / pixels, top / pixels, width / pixels, height / pixels)
      }),
      dataOf(next.picture),
      plot
    )
  }

  return {
    element: whole,
    size: expanded => (visible && width > 0 ? chartSize(width, expanded) : null),
    show(picture, size, theme) {
      drawn = { picture, theme }
      const kind = JSON.stringify([
        picture.lines.map(({ dash }) => dash),
        picture.x.log,
        picture.y.log,
        size.fontPx,
        devicePixelRatio
      ])
      const made = chart
      if (made === null || kind !== built) chart = build(drawn, size)
      else
        made.batch(() => {
          if (made.width !== size.width || made.height !== size.height) made.setSize(size)
          made.setData(dataOf(picture))
        })
      built = kind
    },
    get cursor() {
      return cursor.share === null || drawn === null ? null : valueAt(drawn.picture.x, cursor.share)
    },
    tell: text => cursor.tell(text),
    describe(text, atOnce) {
      const now = performance.now()
      if (!atOnce && now - describedAt < DESCRIBE_MS) return
      describedAt = now
      if (plot.getAttribute('aria-label') !== text) plot.setAttribute('aria-label', text)
    },
    close() {
      observer.disconnect()
      unwatch()
      chart?.destroy()
      chart = null
    }
  }
}

const dataOf = ({ at, lines }: ChartPicture): uPlot.AlignedData =>
  [at, ...lines.map(({ values }) => values)] as unknown as uPlot.AlignedData
