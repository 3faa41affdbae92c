import type { MarkKind } from '../../model/timeline/polls.js'
import type { Theme } from '../view.js'

type Context = CanvasRenderingContext2D

/** `dot` is an arrival of a lane without polls, `arrival` one of which nobody knows when it was generated. */
export function markAt(
  context: Context,
  kind: MarkKind | 'dot' | 'arrival',
  x: number,
  y: number,
  size: number,
  colour: string,
  theme: Theme
): void {
  const radius = 3.4 * size
  context.beginPath()
  switch (kind) {
    case 'dot':
      context.arc(x, y, 2.2 * size, 0, 2 * Math.PI)
      context.fillStyle = colour
      context.fill()
      return
    case 'arrival':
      context.fillStyle = colour
      context.fillRect(x - size, y - 10 * size, 2 * size, 10 * size)
      context.arc(x, y, 2.2 * size, 0, 2 * Math.PI)
      context.fill()
      return
    case 'empty':
      context.arc(x, y, radius, 0, 2 * Math.PI)
      fillAndStroke(context, theme.background, colour, 1.4 * size)
      return
    case 'updated':
      context.arc(x, y, radius, 0, 2 * Math.PI)
      fillAndStroke(context, colour, colour, 1.4 * size)
      return
    case 'held-back':
      context.rect(x - radius * 0.8, y - radius * 0.8, radius * 1.6, radius * 1.6)
      fillAndStroke(context, theme.quiet, theme.background, size)
      return
    case 'failed': {
      const arm = radius * 1.5
      context.moveTo(x, y - arm)
      context.lineTo(x + arm, y)
      context.lineTo(x, y + arm)
      context.lineTo(x - arm, y)
      context.closePath()
      fillAndStroke(context, theme.error, theme.background, size)
    }
  }
}

export function crossAt(context: Context, x: number, y: number, arm: number, colour: string): void {
  context.strokeStyle = colour
  context.lineWidth = arm * 0.55
  context.beginPath()
  context.moveTo(x - arm, y - arm)
  context.lineTo(x + arm, y + arm)
  context.moveTo(x + arm, y - arm)
  context.lineTo(x - arm, y + arm)
  context.stroke()
}

export function ringAt(context: Context, x: number, y: number, radius: number, colour: string): void {
  context.strokeStyle = colour
  context.lineWidth = radius * 0.6
  context.beginPath()
  context.arc(x, y, radius, 0, 2 * Math.PI)
  context.stroke()
}

function fillAndStroke(context: Context, fill: string, stroke: string, width: number): void {
  context.fillStyle = fill
  context.fill()
  context.strokeStyle = stroke
  context.lineWidth = width
  context.stroke()
}
