/** A short piece of a lane's line: its colour and its pattern, as the pictures draw it. */
export function swatch(colour: string, dash: readonly number[]): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('width', '22')
  svg.setAttribute('height', '8')
  svg.setAttribute('aria-hidden', 'true')
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'line')
  for (const [name, value] of [
    ['x1', '0'],
    ['x2', '22'],
    ['y1', '4'],
    ['y2', '4'],
    ['stroke', colour],
    ['stroke-width', '3'],
    ['stroke-dasharray', dash.join(' ')]
  ] as const)
    line.setAttribute(name, value)
  svg.append(line)
  return svg
}
