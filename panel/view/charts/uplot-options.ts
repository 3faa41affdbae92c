import type uPlot from 'uplot'
import type { ChartAxis, ChartPicture } from '../../model/charts/chart-picture.js'
import type { ChartSize } from '../../model/charts/chart-size.js'
import type { Theme } from '../view.js'

/** What the options ask for at every drawing. */
export interface Drawn {
  readonly picture: ChartPicture
  readonly theme: Theme
}

/** uPlot set up for one kind of picture: scales, numbers and colours are asked anew at every drawing. */
export function uplotOptions(
  drawn: () => Drawn,
  size: ChartSize,
  fontFamily: string,
  onDraw: (chart: uPlot) => void
): uPlot.Options {
  const { width, height, fontPx, linePx } = size
  const { picture } = drawn()
  const font = `${fontPx}px ${fontFamily}`
  const scale = (name: 'x' | 'y'): uPlot.Scale => ({
    time: false,
    distr: picture[name].log ? 3 : 1,
    dir: picture[name].reversed ? -1 : 1,
    range: () => [drawn().picture[name].min, drawn().picture[name].max]
  })
  const axis = (name: 'x' | 'y'): uPlot.Axis => {
    const now = (): ChartAxis => drawn().picture[name]
    return {
      scale: name,
      font,
      gap: 3,
      stroke: () => drawn().theme.quiet,
      splits: () => now().ticks.map(({ at }) => at),
      filter: (_, splits) => splits,
      values: () => now().ticks.map(({ text }) => text),
      size:
        name === 'x'
          ? fontPx + 10
          : (_, values) =>
              Math.ceil(Math.max(0, ...(values ?? []).map(text => text.length)) * fontPx * 0.58) + 10,
      grid: { stroke: () => drawn().theme.grid, width: 1, filter: (_, splits) => splits },
      ticks: { stroke: () => drawn().theme.grid, width: 1, size: 4, filter: (_, splits) => splits }
    }
  }
  return {
    width,
    height,
    padding: [fontPx * 0.7, fontPx * 1.2, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: { x: scale('x'), y: scale('y') },
    axes: [axis('x'), axis('y')],
    series: [
      {},
      ...picture.lines.map(({ dash }, place) => ({
        stroke: () => drawn().picture.lines[place]?.colour ?? drawn().theme.text,
        dash: dash.map(length => (length * linePx) / 2),
        width: linePx,
        points: { show: false }
      }))
    ],
    hooks: { draw: [onDraw] }
  }
}
