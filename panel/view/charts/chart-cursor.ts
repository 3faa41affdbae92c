import { element } from '../elements.js'

/** Where a reader points in a chart, by mouse, finger or keys. */
export interface ChartCursor {
  readonly element: HTMLElement
  /** Share of the axis, 0 to 1; null while nobody points. */
  readonly share: number | null
  /** Lies over the plotting area, in CSS pixels. */
  place(left: number, top: number, width: number, height: number): void
  /** What is read there, for those who hear it. */
  tell(text: string): void
}

const STEP = 0.02
const FAR_STEP = 0.1

/** @param moved - called whenever it moved, appeared or went */
export function openChartCursor(name: string, moved: () => void): ChartCursor {
  const line = element('div', { class: 'line', hidden: true })
  const area = element(
    'div',
    {
      class: 'cursor',
      role: 'slider',
      tabindex: '0',
      'aria-label': name,
      'aria-valuemin': '0',
      'aria-valuemax': '100',
      'aria-valuenow': '100'
    },
    line
  )
  let share: number | null = null
  let at = ''
  const move = (to: number | null): void => {
    const next = to === null ? null : Math.min(1, Math.max(0, to))
    if (next === share) return
    share = next
    line.hidden = next === null
    if (next !== null) {
      line.style.left = `${next * 100}%`
      area.setAttribute('aria-valuenow', String(Math.round(next * 100)))
    }
    moved()
  }
  const point = (event: PointerEvent): void => {
    const { left, width } = area.getBoundingClientRect()
    if (width > 0) move((event.clientX - left) / width)
  }
  area.addEventListener('pointermove', point)
  area.addEventListener('pointerdown', point)
  area.addEventListener('pointerleave', () => move(null))
  area.addEventListener('blur', () => move(null))
  area.addEventListener('keydown', event => {
    const step = event.shiftKey ? FAR_STEP : STEP
    const to = {
      ArrowLeft: (share ?? 0.5) - step,
      ArrowDown: (share ?? 0.5) - step,
      ArrowRight: (share ?? 0.5) + step,
      ArrowUp: (share ?? 0.5) + step,
      PageDown: (share ?? 0.5) - FAR_STEP,
      PageUp: (share ?? 0.5) + FAR_STEP,
      Home: 0,
      End: 1
    }[event.key]
    if (to === undefined) return
    // neither scroll the panel nor move nodes of the workspace
    event.preventDefault()
    event.stopPropagation()
    move(to)
  })
  return {
    element: area,
    get share() {
      return share
    },
    place(left, top, width, height) {
      const next = `${left} ${top} ${width} ${height}`
      if (next === at) return
      at = next
      Object.assign(area.style, {
        left: `${left}px`,
        top: `${top}px`,
        width: `${width}px`,
        height: `${height}px`
      })
    },
    tell(text) {
      area.setAttribute('aria-valuetext', text)
    }
  }
}
