import type { Theme } from './view.js'

/** The editor's colours as they are now; both versions of Node-RED have these variables. */
export function themeOf(host: HTMLElement): Theme {
  const style = getComputedStyle(host)
  const colour = (name: string, otherwise: string) => style.getPropertyValue(name).trim() || otherwise
  const background = colour('--red-ui-secondary-background', '#ffffff')
  return {
    dark: luminance(background) < 0.4,
    background,
    text: colour('--red-ui-primary-text-color', '#333333'),
    quiet: colour('--red-ui-secondary-text-color', '#777777'),
    grid: colour('--red-ui-secondary-border-color', '#dddddd'),
    error: colour('--red-ui-text-color-error', '#ad1625')
  }
}

/** Calls back when the editor switches its theme: Node-RED 5 changes a class and has no event for it. */
export function onThemeChange(changed: () => void): () => void {
  const observer = new MutationObserver(changed)
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['class'] })
  return () => observer.disconnect()
}

/** Relative luminance (WCAG 2.1) of `#rgb`, `#rrggbb` or `rgb(…)`; 1 for what it cannot read. */
export function luminance(colour: string): number {
  const channels = channelsOf(colour)
  if (channels === null) return 1
  const [red = 0, green = 0, blue = 0] = channels.map(channel => {
    const part = channel / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function channelsOf(colour: string): readonly number[] | null {
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(colour)?.[1]
  if (hex !== undefined) {
    const digits = hex.length === 3 ? [...hex].map(digit => digit + digit) : (hex.match(/../g) ?? [])
    return digits.map(pair => Number.parseInt(pair, 16))
  }
  const rgb = /^rgba?\(([^)]+)\)$/.exec(colour)?.[1]
  return rgb === undefined
    ? null
    : rgb
        .split(/[\s,/]+/)
        .slice(0, 3)
        .map(Number)
}
