import { type TimeScale, timeScale, xOf } from '../../model/timeline/scale.js'
import { type Step, stepTo } from '../../model/timeline/steps.js'
import { type Target, targetAt } from '../../model/timeline/target.js'
import { element, setText } from '../elements.js'
import type { ViewContext } from '../view.js'
import type { SharpCanvas } from './canvas.js'
import { drawHighlight } from './highlight.js'
import type { Slide } from './slide.js'
import type { Drawn } from './timeline.js'
import { openTooltip, wordsOf } from './tooltip.js'

const STEPS: Readonly<Partial<Record<string, Step>>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'first',
  End: 'last'
}

/** Pointer and keyboard: what they point at is named beside it and drawn stronger. */
export function openPointing(context: ViewContext, slide: Slide, highlight: SharpCanvas) {
  const tooltip = openTooltip()
  const spoken = element('p', { class: 'unseen', 'aria-live': 'polite' })
  let drawn: Drawn | null = null
  let target: Target | null = null

  /** Where things stand at this moment, not at that of the drawing. */
  const scaleNow = ({ shown, scale }: Drawn): TimeScale =>
    timeScale(scale.edge + slide.elapsed(performance.now()), shown.spanMs, scale.width)

  const pointAt = (next: Target | null, speak: boolean) => {
    target = next
    if (drawn === null) return
    const { shown, lanes, layout, scale, pen } = drawn
    const canvas = highlight.begin(highlightWidth(drawn), layout.height)
    if (target === null || target.at < scale.from) {
      target = null
      tooltip.hide()
      if (speak) setText(spoken, '')
      return
    }
    if (canvas !== null) drawHighlight(canvas, target, layout, lanes, shown.tracks, scale, pen)
    const words = wordsOf(target, lanes, shown.tracks, context)
    tooltip.show(
      words,
      xOf(scaleNow(drawn), target.at),
      rowOf(target, drawn),
      scale.width,
      roomBelow(tooltip.element)
    )
    if (speak) setText(spoken, words.map(({ text }) => text).join('. '))
  }

  const reveal = (found: Target | null) => {
    const lane = found?.lane === null || found === null ? undefined : drawn?.lanes[found.lane]
    if (lane !== undefined) context.reveal(lane.shown.report.source)
  }

  const find = (event: MouseEvent, stage: HTMLElement): Target | null => {
    if (drawn === null) return null
    const { left, top } = stage.getBoundingClientRect()
    const [x, y] = [event.clientX - left, event.clientY - top]
    return targetAt(drawn.lanes, drawn.shown.tracks, drawn.layout, scaleNow(drawn), x, y)
  }

  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || drawn === null) return
    const step = STEPS[event.key]
    if (step !== undefined) {
      const { lanes, shown, layout } = drawn
      pointAt(stepTo(lanes, shown.tracks, layout, scaleNow(drawn), target, step), true)
    } else if (event.key === 'Enter' && target !== null) reveal(target)
    else if (event.key === 'Escape' && target !== null) pointAt(null, true)
    else return
    // the editor moves nodes by these keys
    event.preventDefault()
    event.stopPropagation()
  }

  return {
    tooltip: tooltip.element,
    spoken,
    /** After every drawing: what is pointed at has moved. */
    drew(now: Drawn): void {
      drawn = now
      if (target !== null && !targetStands(target, now)) target = null
      if (target !== null || !tooltip.element.hidden) pointAt(target, false)
    },
    listen(stage: HTMLElement): void {
      const move = (event: PointerEvent) => {
        const found = find(event, stage)
        stage.classList.toggle('hit', found !== null && found.lane !== null)
        if (!isSame(found, target)) pointAt(found, false)
      }
      stage.addEventListener('pointermove', move)
      stage.addEventListener('pointerdown', move)
      stage.addEventListener('pointerleave', () => pointAt(null, false))
      stage.addEventListener('blur', () => pointAt(null, true))
      stage.addEventListener('keydown', event => {
        if (event.target === stage) onKey(event)
      })
      stage.addEventListener('click', event => {
        // by touch, the first tap only names it
        if (event instanceof PointerEvent && event.pointerType === 'touch') return
        reveal(find(event, stage))
      })
    },
    close(): void {
      drawn = null
      target = null
    }
  }
}

const highlightWidth = ({ scale }: Drawn): number =>
  scale.width + Math.ceil((scale.end - scale.edge) * scale.perMs)

const isSame = (a: Target | null, b: Target | null): boolean =>
  a?.kind === b?.kind && a?.lane === b?.lane && a?.at === b?.at

/** A lane that was hidden takes what was pointed at with it. */
const targetStands = (target: Target, { lanes, layout }: Drawn): boolean =>
  target.lane === null
    ? target.kind === 'update' && layout.groups.some(({ stream }) => stream === target.stream)
    : lanes[target.lane] !== undefined

/** Height at which a target is. */
function rowOf(target: Target, { layout }: Drawn): number {
  for (const group of layout.groups) {
    if (target.lane === null && target.kind === 'update' && group.stream === target.stream)
      return group.bottom
    for (const band of group.bands) if (band.lane === target.lane) return band.bottom
  }
  return 0
}

/** From the top of the picture to the end of what can be seen of the panel: what explains the picture may be covered. */
function roomBelow(box: HTMLElement): number {
  const [stage, panel] = [box.parentElement, box.closest('.panel')]
  if (stage === null || panel === null) return 0
  return panel.getBoundingClientRect().bottom - stage.getBoundingClientRect().top
}
