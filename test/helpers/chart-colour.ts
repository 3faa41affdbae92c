import type { Locator } from 'playwright-core'

/** Whether a picture has a colour within two pixels of a place in shares of its axes. */
export const hasColour = (section: Locator, x: number, y: number, colour: string): Promise<boolean> =>
  section.locator('.chart').evaluate(
    (chart, [x, y, colour]) => {
      const canvas = chart.querySelector('canvas') as unknown as {
        getContext(kind: '2d'): { getImageData(...box: number[]): { data: Uint8ClampedArray } }
        getBoundingClientRect(): { left: number; top: number }
      }
      const box = (chart.querySelector('.cursor') as unknown as typeof canvas).getBoundingClientRect() as {
        left: number
        top: number
      } & { width: number; height: number }
      const { left, top } = canvas.getBoundingClientRect()
      const [centre, middle] = [box.left - left + box.width * x, box.top - top + box.height * (1 - y)]
      const { data } = canvas.getContext('2d').getImageData(centre - 2, middle - 2, 5, 5)
      const wanted = (colour.match(/[0-9a-f]{2}/g) ?? []).map(pair => Number.parseInt(pair, 16))
      for (let at = 0; at < data.length; at += 4)
        if (wanted.every((channel, part) => Math.abs((data[at + part] ?? 0) - channel) < 40)) return true
      return false
    },
    [x, y, colour] as const
  )
